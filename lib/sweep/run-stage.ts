import { assignmentsOf } from '../plan/assign.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import { type Stage, type StageDesign, scheduleStage } from '../plan/stage.ts';
import { controlKey, receiptsPrefix, stageKey, workerOfKey } from '../store/key-layout.ts';
import type { SweepPorts } from './run-sweep.ts';

/** A stage that was run, with or without all of its workers. */
export interface RunStage {
  readonly stage: Stage;
  /** Every worker has left its receipt: nothing of this stage can still be in flight. */
  readonly complete: boolean;
  /** The sweep was stopped during the stage. */
  readonly stopped: boolean;
}

export interface StageToRun {
  readonly plan: Plan;
  readonly design: StageDesign;
  readonly probe: ProbeFinding | null;
  readonly before: RunStage | null;
}

type StagePorts = Pick<SweepPorts, 'steps' | 'fleet' | 'store' | 'clock' | 'observe'>;

/** Runs one stage in three steps: fixes its times, launches its workers, and collects their receipts. */
export async function runStage(toRun: StageToRun, ports: StagePorts): Promise<RunStage> {
  const { plan, design, probe } = toRun;
  const { steps, fleet, store, observe } = ports;
  const stage = await steps.step(`schedule-${design.stage}`, async () => {
    const scheduled = scheduleStage(plan.sweepId, design, startOf(toRun, ports.clock.nowEpochMs()));
    await store.put(stageKey(plan.sweepId, design.stage), `${JSON.stringify(scheduled, null, 2)}\n`);
    return scheduled;
  });
  observe({ kind: 'stage_started', stage });
  await steps.step(`launch-${design.stage}`, async () => {
    const results = await fleet.launch(assignmentsOf(plan, stage, probe));
    return { refused: results.filter(({ accepted }) => !accepted).slice(0, 50) };
  });
  return collect(plan, stage, ports);
}

/** Not before the lead has passed, nor while a worker of the stage before may still be sending. */
function startOf({ plan, design, before }: StageToRun, nowEpochMs: number): number {
  const leadMs = design.kind === 'probe' ? 0 : plan.tempo.leadMs;
  const quietAtEpochMs = before && !before.complete ? before.stage.stopsAtEpochMs : 0;
  return Math.max(nowEpochMs + leadMs, quietAtEpochMs);
}

/** Counts receipts until all are there, all other workers are known to be gone, or the grace is over. */
async function collect({ sweepId, tempo }: Plan, stage: Stage, ports: StagePorts): Promise<RunStage> {
  const { steps, store, fleet, clock } = ports;
  let stopped = false;
  let untilEpochMs = stage.stopsAtEpochMs + tempo.graceMs;
  let nextEpochMs: number | null = null;
  for (let poll = 0; ; poll++) {
    const seen = await steps.step(`collect-${stage.stage}-${poll}`, async () => {
      // Asked first: a worker that ends between the two looks has left its receipt by the second.
      const gone = new Set(fleet.gone(stage.stage));
      const keys = await store.list(receiptsPrefix(sweepId, stage.stage));
      const workers = new Set(keys.map(workerOfKey));
      const missing = Array.from({ length: stage.workers }, (_, worker) => worker).filter(
        (worker) => !workers.has(worker),
      );
      return {
        missing: missing.length,
        waiting: missing.some((worker) => !gone.has(worker)),
        atEpochMs: clock.nowEpochMs(),
      };
    });
    // A wall clock that was set, or a machine that slept, took nothing of the time that the workers still have.
    const jumpedMs = seen.atEpochMs - (nextEpochMs ?? seen.atEpochMs);
    if (Math.abs(jumpedMs) > tempo.graceMs) untilEpochMs += jumpedMs;
    if (!seen.waiting || seen.atEpochMs >= untilEpochMs) return { stage, complete: seen.missing === 0, stopped };
    const open =
      stage.windowEndsAtEpochMs !== null && seen.atEpochMs < stage.windowEndsAtEpochMs && stage.kind !== 'probe';
    nextEpochMs = seen.atEpochMs + (open && !stopped ? tempo.watchMs : tempo.collectMs);
    const waited = await steps.waitUntil(`collect-${stage.stage}-${poll}-wait`, nextEpochMs);
    if (waited === 'stopped' && !stopped) {
      stopped = true;
      untilEpochMs = Math.min(untilEpochMs, seen.atEpochMs + stopGraceMs);
      await steps.step(`stop-${stage.stage}`, () => store.put(controlKey(sweepId), '{"state": "stop"}\n'));
    }
  }
}

/** After a stop workers let go within five seconds; after this one is no longer waited for. */
const stopGraceMs = 5000;
