import { type Allowance, allowanceOf } from './allowance.ts';
import type { Assignment, Funds } from './assignment.ts';
import type { Plan } from './plan.ts';
import { oneTokenPerWord, type ProbeFinding } from './probe-finding.ts';
import { shareOf } from './share.ts';
import type { Stage } from './stage.ts';

/** What a stage knows of what came before it. */
export interface Known {
  /** Before the probe has spoken, usage in the stream is asked for. */
  readonly finding: ProbeFinding | null;
  /** What all its workers together may use up; null: as much as it takes. */
  readonly allowance: Allowance | null;
}

/** The assignments of a stage, one per worker. */
export function assignmentsOf(plan: Plan, stage: Stage, { finding, allowance }: Known): Assignment[] {
  const { target, workload, deadlines, seed } = plan.spec;
  return Array.from({ length: stage.workers }, (_, worker) => ({
    schema: 'paretoken.assignment.v1',
    sweepId: plan.sweepId,
    stage,
    worker,
    target: { ...target, usageInStream: finding?.usageInStream ?? true },
    workload,
    wordsToTokens: finding?.wordsToTokens ?? oneTokenPerWord,
    deadlines: {
      connectMs: deadlines.connect,
      firstTokenMs: deadlines.firstToken,
      idleMs: deadlines.idle,
      totalMs: deadlines.total,
    },
    tempo: plan.tempo,
    seed,
    funds: fundsOf(plan, stage, worker, allowance),
  }));
}

function fundsOf({ spec }: Plan, { level, workers }: Stage, worker: number, allowance: Allowance | null): Funds | null {
  if (allowance === null) return null;
  return { share: allowanceOf(allowance, shareOf(level, worker, workers), level), prices: spec.prices };
}
