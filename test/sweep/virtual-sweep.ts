import type { Aggregator } from '../../lib/aggregator/aggregator.ts';
import type { Fleet } from '../../lib/fleet/fleet.ts';
import type { MockEndpointOptions } from '../../lib/mock/endpoint.ts';
import type { JournalEntry } from '../../lib/mock/journal.ts';
import type { Assignment, Tempo } from '../../lib/plan/assignment.ts';
import { laptopTempo } from '../../lib/plan/tempo.ts';
import type { Report } from '../../lib/report/report.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import { reportKey } from '../../lib/store/key-layout.ts';
import { plainSteps } from '../../lib/sweep/plain-steps.ts';
import { runSweep } from '../../lib/sweep/run-sweep.ts';
import type { SweepEvent } from '../../lib/sweep/sweep-event.ts';
import { runAssignment } from '../../lib/worker/run-assignment.ts';
import { type MemoryStore, memoryStore } from '../store/memory-store.ts';
import { type VirtualClock, virtualClock } from '../timing/virtual-clock.ts';
import { type VirtualPorts, virtualPorts } from '../worker/virtual-ports.ts';
import { plainAggregator } from './plain-aggregator.ts';

export interface VirtualSweep {
  readonly spec: Spec;
  readonly mock: Omit<MockEndpointOptions, 'clock'>;
  /** Workers that the fleet can run at once. */
  readonly capacity?: number;
  readonly tempo?: Tempo;
  /** The clock of the machine on which sweep and workers run. */
  readonly clock?: VirtualClock;
  /** An assignment that this answers true for is lost: accepted, and never run. */
  lose?(assignment: Assignment): boolean;
  /** Carries an assignment out: later than it came, or with other ports than these. */
  work?(assignment: Assignment, ports: VirtualPorts): Promise<unknown>;
  /** Puts something into the store before the sweep begins. */
  prepare?(store: MemoryStore): Promise<unknown>;
  /** One that draws no charts and pages, unless told. */
  newAggregator?(store: MemoryStore, clock: VirtualClock): Aggregator;
  /** Called at each event; `stop` stops the sweep. */
  observe?(event: SweepEvent, world: { readonly clock: VirtualClock; readonly store: MemoryStore; stop(): void }): void;
}

export interface VirtualSweepResult {
  readonly report: Report;
  readonly store: MemoryStore;
  readonly journal: readonly JournalEntry[];
  readonly events: readonly SweepEvent[];
  readonly ports: VirtualPorts;
}

/** A whole sweep under virtual time: the real sweep, workers, records, aggregator and report; the mock in process. */
export async function virtualSweep(sweep: VirtualSweep): Promise<VirtualSweepResult> {
  const clock = sweep.clock ?? virtualClock();
  const store = memoryStore();
  await sweep.prepare?.(store);
  const ports = virtualPorts({ clock, store, mock: sweep.mock });
  const stop = new AbortController();
  const events: SweepEvent[] = [];
  const lost = new Map<number, number[]>();
  const fleet: Fleet = {
    capacity: async () => sweep.capacity ?? 4,
    async launch(assignments) {
      return assignments.map((assignment) => {
        const { worker, stage } = assignment;
        if (sweep.lose?.(assignment)) lost.set(stage.stage, [...(lost.get(stage.stage) ?? []), worker]);
        else void (sweep.work ?? runAssignment)(assignment, ports);
        return { worker, accepted: true, reason: null };
      });
    },
    gone: (stage) => lost.get(stage) ?? [],
  };
  const work = runSweep(
    {
      sweepId: 'virtual',
      spec: sweep.spec,
      startedAtEpochMs: clock.nowEpochMs(),
      tempo: sweep.tempo ?? laptopTempo,
      limits: null,
      version: '0.0.0',
      owner: 'test',
      execution: null,
    },
    {
      steps: plainSteps({
        clock,
        stop: stop.signal,
        aggregator: (sweep.newAggregator ?? plainAggregator)(store, clock),
      }),
      fleet,
      store,
      clock,
      observe(event) {
        events.push(event);
        sweep.observe?.(event, { clock, store, stop: () => stop.abort() });
      },
    },
  );
  await clock.runUntilSettled(work);
  const report = store.json<Report>(reportKey('virtual', 'report.json'));
  return { report, store, journal: ports.endpoint.journal.entries(), events, ports };
}
