import type { Plan } from '../../plan/plan.ts';
import type { Stage } from '../../plan/stage.ts';
import type { Verdict } from '../../plan/verdict.ts';
import type { Progress } from '../../record/progress.ts';
import { fitted } from '../../report/wrap.ts';
import type { SweepEvent } from '../../sweep/sweep-event.ts';
import { curveLines, levelsSoFar } from './curve-so-far.ts';
import { placeAfter, placeIn, type StagePlace, stageLine } from './progress-lines.ts';
import { type Rest, restOf, timeLeft, timeLeftText } from './time-left.ts';

/** A sweep as its events have told it. */
export interface SweepSoFar {
  readonly plan: Plan | null;
  readonly place: StagePlace;
  /** Of stages that count, in their order, the probe's first. */
  readonly verdicts: readonly Verdict[];
  readonly running: Stage | null;
  /** From the start of the stage that runs; null before the probe has spoken. */
  readonly rest: Rest | null;
}

export const nothingYet: SweepSoFar = {
  plan: null,
  place: { levels: 0, done: 0, more: null, grid: false },
  verdicts: [],
  running: null,
  rest: null,
};

/** The same sweep after one more event. */
export function afterEvent(before: SweepSoFar, event: SweepEvent): SweepSoFar {
  const { plan, place, verdicts } = before;
  switch (event.kind) {
    case 'planned':
      return { ...nothingYet, plan: event.plan, place: placeIn(event.plan) };
    case 'stage_started':
      return { ...before, running: event.stage, rest: plan === null ? null : restOf(plan, verdicts) };
    case 'stage_ended': {
      if (event.stage.cutOff) return { ...before, running: null };
      const all = [...verdicts, event.verdict];
      return { ...before, running: null, place: placeAfter(place, all), verdicts: all };
    }
    case 'ended':
      return { ...before, running: null };
  }
}

export interface Board {
  readonly progress: readonly Progress[];
  readonly nowEpochMs: number;
  /** Of the terminal. */
  readonly columns: number;
}

/** What lives on a terminal while a stage runs: how it stands, the curve so far, and how long the sweep still takes. */
export function boardLines(sweep: SweepSoFar, { progress, nowEpochMs, columns }: Board): readonly string[] {
  const { plan, place, running, verdicts, rest } = sweep;
  if (running === null) return [];
  const line = stageLine(running, place, progress, nowEpochMs);
  if (plan === null || rest === null) return [line];
  const left = timeLeftText(timeLeft(rest, running, nowEpochMs));
  const width = columns - 1;
  const curve = curveLines(levelsSoFar(plan, verdicts, running), width);
  if (curve === null) return [line, fitted(left, width)];
  const beneath = `${curve.levels}  ${left}`;
  const alone = beneath.length > width;
  return [line, curve.bars, ...(alone ? [curve.levels, fitted(left, width)] : [beneath])];
}
