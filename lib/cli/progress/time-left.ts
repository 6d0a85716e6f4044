import { assumptionsOf } from '../../plan/assumption.ts';
import type { Span } from '../../plan/estimate.ts';
import { spanText } from '../../plan/estimate-text.ts';
import type { Plan } from '../../plan/plan.ts';
import { rehearse } from '../../plan/rehearsal.ts';
import { mostRuns } from '../../plan/runs.ts';
import type { Stage } from '../../plan/stage.ts';
import type { Verdict } from '../../plan/verdict.ts';
import { formatDuration } from '../../spec/duration.ts';

/** What the rest of a sweep would take, in milliseconds, from the start of the stage that comes next. */
export interface Rest {
  /** That stage itself. */
  readonly stageMs: Span;
  /** All after it. */
  readonly afterMs: Span;
}

/** Of more runs than these the rest is not worked out: it would keep the process from its workers. */
const mostRehearsed = 150;

/**
 * The rest of a sweep by its verdicts so far, the probe's first: played to the end against endpoints as quick as the probe
 * found it, as an estimate is, with the stages that the levels measured by now lead to. Null before the probe has spoken, and of a sweep of very many runs.
 */
export function restOf(plan: Plan, verdicts: readonly Verdict[]): Rest | null {
  const [probe] = verdicts;
  if (!probe?.probe?.ok || mostRuns(plan.spec) > mostRehearsed) return null;
  const ways = assumptionsOf(plan.spec, probe).endpoints.map((endpoint) => {
    const [next = 0, ...later] = rehearse(plan, verdicts, endpoint).stages.map(({ durationMs }) => durationMs);
    return { next, later: later.reduce((sum, ms) => sum + ms, 0) };
  });
  const span = (values: readonly number[]) => ({ least: Math.min(...values), most: Math.max(...values) });
  return { stageMs: span(ways.map(({ next }) => next)), afterMs: span(ways.map(({ later }) => later)) };
}

/** What is left while a stage runs: never less than its window still takes. */
export function timeLeft({ stageMs, afterMs }: Rest, stage: Stage, nowEpochMs: number): Span {
  const elapsedMs = nowEpochMs - stage.startsAtEpochMs;
  const windowLeftMs = Math.max(0, (stage.windowEndsAtEpochMs ?? nowEpochMs) - nowEpochMs);
  const left = (ofStageMs: number, ofRestMs: number) => Math.max(windowLeftMs, ofStageMs - elapsedMs) + ofRestMs;
  return { least: left(stageMs.least, afterMs.least), most: left(stageMs.most, afterMs.most) };
}

/** `about 25s left`, `about 4m to 6m left`: rounded so that it reads like what it is, a guess. */
export function timeLeftText(left: Span): string {
  return `about ${spanText(left, roughly)} left`;
}

/** To 5 seconds below a minute, to 10 below 3 minutes, then to minutes. */
function roughly(ms: number): string {
  const stepMs = ms < 60_000 ? 5000 : ms < 180_000 ? 10_000 : 60_000;
  return formatDuration(Math.max(stepMs, Math.round(ms / stepMs) * stepMs));
}
