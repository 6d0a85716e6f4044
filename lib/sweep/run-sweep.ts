import type { Fleet } from '../fleet/fleet.ts';
import type { Ended } from '../plan/ended.ts';
import { nextMove } from '../plan/next-stage.ts';
import { type Plan, type PlanInput, planSweep } from '../plan/plan.ts';
import { refusalsOf } from '../plan/refusals.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Summary } from '../report/summary.ts';
import { jsonText } from '../store/json.ts';
import { controlKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../timing/clock.ts';
import { type RunStage, runStage } from './run-stage.ts';
import { closeSweep, openSweep, type StatusHead } from './status.ts';
import type { Steps } from './steps.ts';
import type { SweepEvent } from './sweep-event.ts';

/** Everything that a sweep touches outside itself. */
export interface SweepPorts {
  readonly steps: Steps;
  readonly fleet: Fleet;
  readonly store: Store;
  /** Read inside steps alone. */
  readonly clock: Clock;
  /** A sweep that is run again from its start tells again what it told before. */
  observe(event: SweepEvent): void;
}

/** How a sweep begins; `owner` and `execution` as in its status. */
export type SweepStart = Omit<PlanInput, 'capacity'> & Pick<StatusHead, 'owner' | 'execution'>;

/** A sweep of this id rests in the store already. */
export class SweepExistsError extends Error {
  constructor(sweepId: string) {
    super(`a sweep ${sweepId} is there already: choose another id, or another folder with --out`);
    this.name = 'SweepExistsError';
  }
}

/** The plan goes beyond what the platform allows. */
export class SweepRefusedError extends Error {
  /** Every reason, with what to do. */
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('\n'));
    this.name = 'SweepRefusedError';
    this.reasons = reasons;
  }
}

/**
 * Carries out a sweep: what is next is decided by the plan and the verdicts so far, each stage is run and aggregated,
 * and the end, a failure of our own too, always leaves a report.
 * @throws SweepRefusedError, SweepExistsError before anything is sent
 */
export async function runSweep({ owner, execution, ...start }: SweepStart, ports: SweepPorts): Promise<Summary> {
  const { steps, fleet, store, clock, observe } = ports;
  const capacity = await steps.step('capacity', () => fleet.capacity());
  const plan = planSweep({ ...start, capacity });
  const refusals = refusalsOf(plan);
  if (refusals.length > 0) throw new SweepRefusedError(refusals);
  const head = { ...plan, owner, execution };
  const opened = await steps.step('open', () => openSweep(store, plan, head));
  if (opened === 'exists') throw new SweepExistsError(plan.sweepId);
  observe({ kind: 'planned', plan });
  const conclude = async (ended: Ended) => {
    observe({ kind: 'ended', ended });
    await steps.step('close', () => closeSweep(store, head, ended, clock.nowEpochMs()));
    return steps.call('conclude', { verb: 'conclude', sweepId: plan.sweepId, ended });
  };
  const leaveFailed = async (error: unknown) => {
    const stop = () => store.put(controlKey(plan.sweepId), jsonText({ state: 'stop' }));
    await steps.step('let-go', stop).catch(() => undefined);
    await conclude({ reason: 'failed', detail: error instanceof Error ? error.message : String(error) });
  };
  let ended: Ended;
  try {
    ended = await runStages(plan, ports);
  } catch (error) {
    // What fails after it, most likely for the same reason, would only hide it.
    await leaveFailed(error).catch(() => undefined);
    throw error;
  }
  return conclude(ended);
}

async function runStages(plan: Plan, ports: SweepPorts): Promise<Ended> {
  const verdicts: Verdict[] = [];
  const cutOff: Verdict[] = [];
  let before: RunStage | null = null;
  for (let ordinal = 0; ; ordinal++) {
    const move = nextMove(plan, verdicts, cutOff);
    if (move.kind === 'end') return move.ended;
    const where = move.design.kind === 'probe' ? 'the probe' : `level ${move.design.level}`;
    // Stages that were cut off tell the plan nothing but what they used, and their ordinals are used up.
    const design = { ...move.design, stage: ordinal };
    const toRun = { plan, design, allowance: move.allowance, probe: verdicts[0]?.probe ?? null, before };
    const run: RunStage | 'stopped' = await runStage(toRun, ports);
    if (run === 'stopped') return { reason: 'stopped', detail: `Stopped before ${where}.` };
    const { stage } = run.stage;
    const verdict = await ports.steps.call(`aggregate-${stage}`, { verb: 'aggregate', sweepId: plan.sweepId, stage });
    ports.observe({ kind: 'stage_ended', stage: run.stage, verdict });
    if (run.stopped) return { reason: 'stopped', detail: `Stopped at ${where}.` };
    (run.stage.cutOff ? cutOff : verdicts).push(verdict);
    before = run;
  }
}
