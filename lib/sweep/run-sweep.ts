import type { Aggregator } from '../aggregator/aggregator.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Ended } from '../plan/ended.ts';
import { nextMove } from '../plan/next-stage.ts';
import { type Plan, type PlanInput, planSweep } from '../plan/plan.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Report } from '../report/report.ts';
import { controlKey, planKey, specKey, statusKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../timing/clock.ts';
import { type RunStage, runStage } from './run-stage.ts';
import type { Steps } from './steps.ts';
import type { SweepEvent } from './sweep-event.ts';

/** Everything that a sweep touches outside itself. */
export interface SweepPorts {
  readonly steps: Steps;
  readonly fleet: Fleet;
  readonly store: Store;
  readonly aggregator: Aggregator;
  /** Read inside steps alone. */
  readonly clock: Clock;
  observe(event: SweepEvent): void;
}

export type SweepStart = Omit<PlanInput, 'capacity'>;

/** A sweep of this id rests in the store already. */
export class SweepExistsError extends Error {
  constructor(sweepId: string) {
    super(`a sweep ${sweepId} is there already: choose another id, or another folder with --out`);
    this.name = 'SweepExistsError';
  }
}

/**
 * Carries out a sweep: what is next is decided by the plan and the verdicts so far, each stage is run and aggregated,
 * and the end always leaves a report.
 * @throws SweepExistsError before anything is sent
 */
export async function runSweep(start: SweepStart, ports: SweepPorts): Promise<Report> {
  const { steps, fleet, aggregator, observe } = ports;
  const capacity = await steps.step('capacity', () => fleet.capacity());
  const plan = planSweep({ ...start, capacity });
  await steps.step('open', () => openSweep(plan, ports.store));
  observe({ kind: 'planned', plan });
  const ended = await runStages(plan, ports);
  observe({ kind: 'ended', ended });
  await steps.step('close', () => {
    const endedAtEpochMs = ports.clock.nowEpochMs();
    return writeStatus(ports.store, plan, { state: 'ended', ended, endedAtEpochMs });
  });
  return steps.call('conclude', (how: Ended) => aggregator.conclude(plan.sweepId, how), ended);
}

async function runStages(plan: Plan, ports: SweepPorts): Promise<Ended> {
  const verdicts: Verdict[] = [];
  let before: RunStage | null = null;
  for (;;) {
    const move = nextMove(plan, verdicts);
    if (move.kind === 'end') return move.ended;
    const run: RunStage = await runStage(
      { plan, design: move.design, probe: verdicts[0]?.probe ?? null, before },
      ports,
    );
    const { sweepId } = plan;
    const aggregate = (stage: number) => ports.aggregator.aggregate(sweepId, stage);
    const verdict = await ports.steps.call(`aggregate-${run.stage.stage}`, aggregate, run.stage.stage);
    ports.observe({ kind: 'stage_ended', stage: run.stage, verdict });
    if (run.stopped) return { reason: 'stopped', detail: `Stopped at level ${run.stage.level}.` };
    verdicts.push(verdict);
    before = run;
  }
}

/** Claims the sweep's id; the control is there before any worker can look for it. */
async function openSweep(plan: Plan, store: Store): Promise<void> {
  const claimed = await store.put(specKey(plan.sweepId), text(plan.spec), { ifAbsent: true });
  if (claimed === 'exists') throw new SweepExistsError(plan.sweepId);
  await store.put(planKey(plan.sweepId), text(plan));
  await store.put(controlKey(plan.sweepId), text({ state: 'run' }));
  await writeStatus(store, plan, { state: 'running', ended: null, endedAtEpochMs: null });
}

interface Status {
  readonly state: 'running' | 'ended';
  readonly ended: Ended | null;
  readonly endedAtEpochMs: number | null;
}

async function writeStatus(store: Store, { sweepId, name, startedAtEpochMs }: Plan, status: Status): Promise<void> {
  await store.put(
    statusKey(sweepId),
    text({ schema: 'paretoken.status.v1', sweepId, name, startedAtEpochMs, ...status }),
  );
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
