import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { Fleet } from '../../lib/fleet/fleet.ts';
import type { JournalEntry } from '../../lib/mock/journal.ts';
import type { Tempo } from '../../lib/plan/assignment.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { laptopTempo } from '../../lib/plan/tempo.ts';
import type { Report } from '../../lib/report/report.ts';
import type { Summary } from '../../lib/report/summary.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import type { Journal } from '../../lib/store/journal.ts';
import { jsonText } from '../../lib/store/json.ts';
import { planKey, reportKey, statusKey } from '../../lib/store/key-layout.ts';
import { StoreError } from '../../lib/store/store.ts';
import { beginLife } from '../../lib/sweep/journal-life.ts';
import { journalSteps } from '../../lib/sweep/journal-steps.ts';
import { runSweep, type SweepStart } from '../../lib/sweep/run-sweep.ts';
import type { Status } from '../../lib/sweep/status.ts';
import type { SweepEvent } from '../../lib/sweep/sweep-event.ts';
import { type TakenUp, takeUp } from '../../lib/sweep/take-up.ts';
import { type AssignmentEnd, runAssignment } from '../../lib/worker/run-assignment.ts';
import { type MemoryStore, memoryStore } from '../store/memory-store.ts';
import { type VirtualClock, virtualClock } from '../timing/virtual-clock.ts';
import { type VirtualPorts, virtualPorts } from '../worker/virtual-ports.ts';
import { type Death, mortalPorts } from './mortal-ports.ts';

/** A machine on which one process after another runs the same sweep; what it stored and the endpoint outlive each. */
export interface Machine {
  /** How each worker's assignment ended, of those that did not die. */
  readonly ends: AssignmentEnd[];
  readonly clock: VirtualClock;
  readonly store: MemoryStore;
  /** Lines of the sweep's journal. */
  readonly lines: string[];
  readonly ports: VirtualPorts;
  readonly spec: Spec;
}

/** What befalls a process: nothing, unless told. */
export interface Fate {
  /** Dies before or after its n-th line is in the journal, from 1; the first stands for its own beginning. */
  readonly dies?: { readonly when: 'before' | 'after'; readonly line: number };
  /** Can't add its n-th line. */
  readonly fails?: { readonly line: number };
  /** Called at each event; `stop` is the user's Ctrl-C. */
  observe?(event: SweepEvent, world: { readonly clock: VirtualClock; stop(): void }): void;
}

/** What a process came to. */
export interface Lived {
  readonly end: 'ended' | 'died';
  /** Null of one that died. */
  readonly summary: Summary | null;
  readonly events: readonly SweepEvent[];
  /** Lines that it added to the journal. */
  readonly lines: number;
}

/** Receipts are looked at seldom, so that a sweep has few steps. */
const tempo: Tempo = { ...laptopTempo, watchMs: 5000, collectMs: 2000 };

export function newMachine(spec: Spec, mock: Parameters<typeof virtualPorts>[0]['mock']): Machine {
  const clock = virtualClock();
  const store = memoryStore();
  return { clock, store, lines: [], ends: [], ports: virtualPorts({ clock, store, mock }), spec };
}

/** Runs the sweep's first process. */
export function begin(machine: Machine, fate: Fate = {}): Promise<Lived> {
  const { clock, spec } = machine;
  const start: SweepStart = {
    sweepId: 'virtual',
    spec,
    startedAtEpochMs: clock.nowEpochMs(),
    tempo,
    limits: null,
    version: '0.0.0',
    owner: 'test',
    execution: null,
  };
  return live(machine, fate, async (journal) => ({ start, remembered: await beginLife(journal, clock.nowEpochMs()) }));
}

/** Runs a later process, which takes the sweep up from what is stored. */
export function resume(machine: Machine, fate: Fate = {}): Promise<Lived> {
  const { store, clock } = machine;
  const plan = store.json<Plan>(planKey('virtual'));
  const status = store.json<Status>(statusKey('virtual'));
  return live(machine, fate, (journal) => takeUp({ plan, status }, { store, journal, clock }));
}

async function live(machine: Machine, fate: Fate, from: (journal: Journal) => Promise<TakenUp>): Promise<Lived> {
  const { clock, lines } = machine;
  const death: Death = { isDead: false, atDeath: [] };
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  const before = lines.length;
  const journal = mortalJournal(lines, fate, die);
  const { store, ...ports } = mortalPorts(machine.ports, death);
  const stop = new AbortController();
  const events: SweepEvent[] = [];
  const work = async () => {
    const { start, remembered } = await from(journal);
    const aggregator = storeAggregator({ store, nowEpochMs: clock.nowEpochMs, draw: justJson });
    return runSweep(start, {
      steps: journalSteps({ clock, stop: stop.signal, aggregator, journal, remembered }),
      fleet: mortalFleet(machine, { store, ...ports }),
      store,
      clock,
      observe(event) {
        events.push(event);
        fate.observe?.(event, { clock, stop: () => stop.abort() });
      },
    });
  };
  try {
    const summary = await clock.runUntilSettled(Promise.race([work(), died.then(() => null)]));
    return { end: summary === null ? 'died' : 'ended', summary, events, lines: lines.length - before };
  } finally {
    death.isDead = true;
    for (const cut of death.atDeath) cut();
  }
}

/** The other forms of a report are drawn from the same, and take their time. */
const justJson = async (report: Report) => new Map([['report.json', jsonText(report)] as const]);

function mortalFleet({ ends }: Machine, ports: VirtualPorts): Fleet {
  return {
    capacity: async () => 4,
    async launch(assignments) {
      return assignments.map((assignment) => {
        void runAssignment(assignment, ports).then((end) => ends.push(end));
        return { worker: assignment.worker, accepted: true, reason: null };
      });
    },
    gone: () => [],
  };
}

/** A journal whose writer dies at a line: nothing comes back from there. */
function mortalJournal(lines: string[], { dies, fails }: Fate, die: () => void): Journal {
  let line = 0;
  return {
    read: async () => [...lines],
    async append(text) {
      line += 1;
      if (fails?.line === line) throw new StoreError('journal', 'ENOSPC', 'the disk is full');
      const last = dies?.line === line;
      if (!last || dies.when === 'after') lines.push(text);
      if (!last) return;
      die();
      await new Promise(() => undefined);
    },
  };
}

/** What the endpoint saw, by request. */
export function requestsOf({ ports }: Machine): readonly JournalEntry[] {
  return ports.endpoint.journal.entries();
}

export function reportOf({ store }: Machine): Report {
  return store.json<Report>(reportKey('virtual', 'report.json'));
}
