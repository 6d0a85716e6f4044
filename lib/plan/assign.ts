import type { Assignment } from './assignment.ts';
import type { Plan } from './plan.ts';
import { oneTokenPerWord, type ProbeFinding } from './probe-finding.ts';
import type { Stage } from './stage.ts';

/** The assignments of a stage, one per worker. Before the probe has spoken, usage in the stream is asked for. */
export function assignmentsOf(plan: Plan, stage: Stage, finding: ProbeFinding | null): Assignment[] {
  const { target, deadlines, seed } = plan.spec;
  return Array.from({ length: stage.workers }, (_, worker) => ({
    schema: 'paretoken.assignment.v1',
    sweepId: plan.sweepId,
    stage,
    worker,
    target: { ...target, usageInStream: finding?.usageInStream ?? true },
    wordsToTokens: finding?.wordsToTokens ?? oneTokenPerWord,
    deadlines: {
      connectMs: deadlines.connect,
      firstTokenMs: deadlines.firstToken,
      idleMs: deadlines.idle,
      totalMs: deadlines.total,
    },
    tempo: plan.tempo,
    seed,
  }));
}
