import type { Allowance, BudgetName } from './allowance.ts';
import { leftMs, leftOf, reservationOf, shortOf } from './budget.ts';
import { lateText, shortText, usedUpText } from './budget-text.ts';
import { cellOf } from './cell.ts';
import type { Ended } from './ended.ts';
import { type Next, nextLoad } from './next-load.ts';
import type { Plan } from './plan.ts';
import { endOfProbe } from './probe-end.ts';
import { nextOfSearch, searchAnswer } from './search.ts';
import { searchSentence } from './search-text.ts';
import type { StageDesign } from './stage.ts';
import { loadStage, probeStage, timesRun } from './stage-design.ts';
import { tooManyFailed } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** What a sweep does next. */
export type Move =
  | {
      readonly kind: 'stage';
      readonly design: StageDesign;
      /** What the stage may use up, all its workers together; null: as much as it takes. */
      readonly allowance: Allowance | null;
    }
  | {
      readonly kind: 'end';
      readonly ended: Ended;
      /** The budget that kept it from going on. */
      readonly shortOf?: BudgetName | 'minutes';
    };

/**
 * The next stage, or the end: a pure function of the plan and the verdicts of all stages so far, in order.
 * @param cutOff verdicts of stages that were cut off; they tell nothing but what they used
 */
export function nextMove(plan: Plan, verdicts: readonly Verdict[], cutOff: readonly Verdict[] = []): Move {
  const [probe, ...stages] = verdicts;
  const used = [...verdicts, ...cutOff];
  const allowance = leftOf(plan, used);
  if (!probe) return { kind: 'stage', design: probeStage(plan, leftMs(plan, used)), allowance };
  const failed = endOfProbe(probe, plan.spec.target);
  if (failed) return { kind: 'end', ended: failed };
  const next = nextOf(plan, stages);
  const shortage = usedUp(plan, stages);
  if (shortage !== null) return endBy(shortage, afterDrift(next, stages), plan, stages);
  if (next.kind === 'end') return next;
  const design = affordable(plan, { verdicts, used, allowance, next });
  if (!('why' in design)) return { kind: 'stage', design, allowance };
  return endBy(design, next.kind === 'drift' ? next.ended : null, plan, stages);
}

function nextOf({ spec }: Plan, stages: readonly Verdict[]): Next {
  const { search } = spec.load;
  if (search === null) return nextLoad(spec, stages);
  const next = nextOfSearch(search, stages);
  return next.kind === 'end' ? next : { kind: 'load', level: next.level, cell: cellOf(spec.workload), pass: null };
}

/** What a budget does not suffice for. */
interface Shortage {
  readonly shortOf: BudgetName | 'minutes';
  /** A sentence. */
  readonly why: string;
}

/** A budget was gone before the last stage's window was over; null when none was. */
function usedUp({ spec }: Plan, stages: readonly Verdict[]): Shortage | null {
  const last = stages.at(-1);
  if (!last || last.ranOutOf === null || !last.reasons.includes('interrupted') || tooManyFailed(last)) return null;
  return { shortOf: last.ranOutOf, why: usedUpText(last.ranOutOf, last.level, spec) };
}

/** How a sweep ends whose levels were all run, and which has begun its drift check; null of any other. */
function afterDrift(next: Next, stages: readonly Verdict[]): Ended | null {
  return next.kind === 'end' && stages.at(-1)?.kind === 'drift' ? next.ended : null;
}

interface ToAfford {
  readonly verdicts: readonly Verdict[];
  readonly used: readonly Verdict[];
  readonly allowance: Allowance | null;
  readonly next: Exclude<Next, { readonly kind: 'end' }>;
}

/** The stage that comes next, or why the budget can't carry it. */
function affordable(plan: Plan, { verdicts, used, allowance, next }: ToAfford): StageDesign | Shortage {
  const { level } = next;
  const repeat = next.kind === 'drift' ? 0 : timesRun(verdicts, next);
  const one = reservationOf(plan.spec, next);
  const name = shortOf(allowance, level, one);
  if (name !== null && allowance !== null) {
    return { shortOf: name, why: shortText({ name, level, repeat, left: allowance, one }, plan.spec) };
  }
  const left = leftMs(plan, used);
  const design = loadStage(plan, verdicts, { ...next, leftMs: left });
  if (!('needsMs' in design)) return design;
  return { shortOf: 'minutes', why: lateText({ level, repeat, needsMs: design.needsMs, leftMs: left }, plan.spec) };
}

/** @param done how a sweep ends of which nothing but the drift check is missing; null where levels are */
function endBy({ shortOf: name, why }: Shortage, done: Ended | null, plan: Plan, stages: readonly Verdict[]): Move {
  if (done !== null) {
    const remark = `The check for drift is missing. ${why}`;
    const detail = done.detail === null ? remark : `${done.detail} ${remark}`;
    return { kind: 'end', ended: { ...done, detail }, shortOf: name };
  }
  const { search } = plan.spec.load;
  const answer = searchAnswer(plan, stages);
  const found = search !== null && answer !== null ? ` ${searchSentence(search, answer)}` : '';
  return { kind: 'end', ended: { reason: 'budget', detail: `${why}${found}` }, shortOf: name };
}
