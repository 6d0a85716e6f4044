import assert from 'node:assert/strict';
import { gridOf } from '../../lib/plan/cell.ts';
import { nextMove } from '../../lib/plan/next-stage.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { StageDesign } from '../../lib/plan/stage.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import { sampleProbeVerdict, sampleVerdict } from './sample-plan.ts';

/** A sweep that was played to its end. */
export interface Played {
  /** `load 4`, `load 4 again`, `drift 1 again`; with the cell and the pass where a sweep has several. */
  readonly run: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly ended: { readonly reason: string; readonly detail: string | null };
}

/** Plays a sweep whose stages come out as `judge` says, and tells what was run and how it ended. */
export function play(plan: Plan, judge: (design: StageDesign) => Partial<Verdict> = () => ({})): Played {
  const grid = gridOf(plan.spec.workload);
  const run: string[] = [];
  const verdicts: Verdict[] = [];
  for (;;) {
    const move = nextMove(plan, verdicts);
    if (move.kind === 'end') return { run, verdicts, ended: move.ended };
    const { design } = move;
    const { stage, kind, level, repeat, cell, pass } = design;
    assert.equal(stage, verdicts.length, 'a stage is the ordinal of its execution');
    const place = grid.length > 1 ? ` of ${cell.inputTokens}→${cell.outputTokens}` : '';
    run.push(`${kind} ${level}${place}${pass === null ? '' : ` ${pass}`}${repeat > 0 ? ' again' : ''}`);
    const verdict = kind === 'probe' ? sampleProbeVerdict() : sampleVerdict({ stage, kind, level, cell, pass });
    verdicts.push({ ...verdict, ...judge(design) });
    assert.ok(run.length < 500, run.join(', '));
  }
}
