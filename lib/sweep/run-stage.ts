import type { LaunchResult } from '../fleet/fleet.ts';
import type { Allowance } from '../plan/allowance.ts';
import { assignmentsOf } from '../plan/assign.ts';
import { collectWaitMs } from '../plan/limits.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import { type Stage, type StageDesign, scheduleStage } from '../plan/stage.ts';
import { getJson, jsonText } from '../store/json.ts';
import { controlKey, receiptsPrefix, stageKey, workerOfKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { SweepPorts } from './run-sweep.ts';
import type { StageSteps } from './steps.ts';
import { takeOver } from './take-over.ts';

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
  /** What the stage may use up; null: as much as it takes. */
  readonly allowance: Allowance | null;
  readonly probe: ProbeFinding | null;
  readonly before: RunStage | null;
}

export interface StagePorts extends Omit<SweepPorts, 'steps'> {
  readonly steps: StageSteps;
}

/**
 * Runs one stage in three steps: fixes its times, launches its workers, and collects their receipts. Where the sweep
 * was stopped since the stage before, nothing is begun.
 */
export async function runStage(toRun: StageToRun, ports: StagePorts): Promise<RunStage | 'stopped'> {
  const { plan, design, allowance, probe: finding } = toRun;
  const { steps, fleet, store, observe } = ports;
  const stage = await steps.step(`schedule-${design.stage}`, async () => {
    if (await isStopAsked(store, plan.sweepId)) return null;
    // Without it workers would stop: someone may have taken it away.
    await store.put(controlKey(plan.sweepId), jsonText({ state: 'run' }), { ifAbsent: true });
    const scheduled = scheduleStage(plan.sweepId, design, startOf(toRun, ports.clock.nowEpochMs()));
    await store.put(stageKey(plan.sweepId, design.stage), jsonText(scheduled));
    return scheduled;
  });
  if (stage === null) return 'stopped';
  observe({ kind: 'stage_started', stage });
  const launch = await steps.step<Launch | null>(`launch-${design.stage}`, async () => {
    const results = await fleet.launch(assignmentsOf(plan, stage, { finding, allowance }));
    const refused = results.filter(({ accepted }) => !accepted);
    return { launched: results.length - refused.length, refused: refused.slice(0, mostNamed) };
  });
  return launch === null ? takeOver(stage, ports) : collect(plan, stage, ports);
}

/** What launching gave; remembered as null of a stage whose workers died with the process that launched them. */
interface Launch {
  readonly launched: number;
  readonly refused: readonly LaunchResult[];
}

/** A step remembers so many exceptions by name, never a list as long as the fleet. */
const mostNamed = 50;

/** Not before the lead has passed, nor while a worker of the stage before may still be sending. */
function startOf({ plan, design, before }: StageToRun, nowEpochMs: number): number {
  const leadMs = design.kind === 'probe' ? 0 : plan.tempo.leadMs;
  const quietAtEpochMs = before && !before.complete ? before.stage.stopsAtEpochMs : 0;
  return Math.max(nowEpochMs + leadMs, quietAtEpochMs);
}

/** What one look at a stage's receipts saw. */
interface Seen {
  readonly missing: number;
  /** Someone's receipt is still to be hoped for. */
  readonly waiting: boolean;
  readonly stopAsked: boolean;
  readonly atEpochMs: number;
}

/** Counts receipts until all are there, all other workers are known to be gone, or the grace is over. */
async function collect(plan: Plan, stage: Stage, ports: StagePorts): Promise<RunStage> {
  const { sweepId, tempo } = plan;
  const { steps, store, clock } = ports;
  let stopped = false;
  let untilEpochMs = stage.stopsAtEpochMs + tempo.graceMs;
  let nextEpochMs: number | null = null;
  for (let look = 0, looksAfter = 0; ; look++) {
    const seen = await steps.step(`collect-${stage.stage}-${look}`, () => lookAt(sweepId, stage, ports));
    // A wall clock that was set, or a machine that slept, took nothing of the time that the workers still have.
    const jumpedMs = seen.atEpochMs - (nextEpochMs ?? seen.atEpochMs);
    if (Math.abs(jumpedMs) > tempo.graceMs) untilEpochMs += jumpedMs;
    if (!seen.waiting || seen.atEpochMs >= untilEpochMs) {
      // Workers may have seen a stop before this sweep did.
      return { stage, complete: seen.missing === 0, stopped: stopped || seen.stopAsked };
    }
    const windowOpen = isWindowOpen(stage, seen.atEpochMs) && !stopped;
    nextEpochMs = Math.min(
      windowOpen
        ? Math.min(seen.atEpochMs + tempo.watchMs, stage.windowEndsAtEpochMs ?? Number.POSITIVE_INFINITY)
        : seen.atEpochMs + collectWaitMs(tempo, looksAfter++),
      untilEpochMs,
    );
    const told = seen.stopAsked && !stopped;
    const waited = told ? 'stopped' : await steps.waitUntil(`wait-${stage.stage}-${look}`, nextEpochMs);
    if (waited !== 'stopped' || stopped) continue;
    stopped = true;
    const stoppedAtEpochMs = await steps.step(`stop-${stage.stage}`, async () => {
      await store.put(controlKey(sweepId), jsonText({ state: 'stop' }));
      return clock.nowEpochMs();
    });
    untilEpochMs = Math.min(untilEpochMs, stoppedAtEpochMs + tempo.controlPollMs + stopGraceMs);
    // The wait ended before its time.
    nextEpochMs = null;
  }
}

async function lookAt(sweepId: string, stage: Stage, { store, fleet, clock }: StagePorts): Promise<Seen> {
  // Asked first: a worker that ends between the two looks has left its receipt by the second.
  const gone = new Set(fleet.gone(stage.stage));
  const keys = await store.list(receiptsPrefix(sweepId, stage.stage));
  const workers = new Set(keys.map(workerOfKey));
  const missing = Array.from({ length: stage.workers }, (_, worker) => worker).filter((worker) => !workers.has(worker));
  return {
    missing: missing.length,
    waiting: missing.some((worker) => !gone.has(worker)),
    stopAsked: await isStopAsked(store, sweepId),
    atEpochMs: clock.nowEpochMs(),
  };
}

async function isStopAsked(store: Store, sweepId: string): Promise<boolean> {
  const control = await getJson<{ readonly state: string }>(store, controlKey(sweepId)).catch(() => null);
  return control?.state === 'stop';
}

/** A counted stage tells its window when it is over; the probe has none. */
function isWindowOpen({ kind, windowEndsAtEpochMs }: Stage, atEpochMs: number): boolean {
  return kind !== 'probe' && windowEndsAtEpochMs !== null && atEpochMs < windowEndsAtEpochMs;
}

/** After a poll of the control workers let go within five seconds; after this one is no longer waited for. */
const stopGraceMs = 5000;
