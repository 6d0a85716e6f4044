import assert from 'node:assert/strict';
import { nextMove } from '../../lib/plan/next-stage.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { StageDesign } from '../../lib/plan/stage.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import { sampleProbeVerdict, sampleVerdict } from './sample-plan.ts';

/** A sweep that was played to its end. */
export interface Played {
  /** `load 4`, `load 4 again`, `drift 1 again`. */
  readonly run: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly ended: { readonly reason: string; readonly detail: string | null };
}

/** Plays a sweep whose stages come out as `judge` says, and tells what was run and how it ended. */
export function play(plan: Plan, judge: (design: StageDesign) => Partial<Verdict> = () => ({})): Played {
  const run: string[] = [];
  const verdicts: Verdict[] = [];
  for (;;) {
    const move = nextMove(plan, verdicts);
    if (move.kind === 'end') return { run, verdicts, ended: move.ended };
    const { design } = move;
    const { stage, kind, level, repeat } = design;
    assert.equal(stage, verdicts.length, 'a stage is the ordinal of its execution');
    run.push(`${kind} ${level}${repeat > 0 ? ' again' : ''}`);
    const verdict = kind === 'probe' ? sampleProbeVerdict() : sampleVerdict({ stage, kind, level });
    verdicts.push({ ...verdict, ...judge(design) });
    assert.ok(run.length < 500, run.join(', '));
  }
}
