import type { Spec } from '../spec/schema.ts';
import { type Allowance, type Amounts, amountsOf, type BudgetName, budgetNames } from './allowance.ts';
import { outputTokensOf } from './pass.ts';
import type { Plan } from './plan.ts';
import type { Load } from './run-order.ts';
import type { Verdict } from './verdict.ts';

/** Costs are kept in millionths of the currency. */
export const micros = 1_000_000;

/** What is set aside for one request until its usage is known: its input length, and the limit of its answer. */
export function reservationOf(
  { target, prices }: Pick<Spec, 'target' | 'prices'>,
  { cell, pass }: Pick<Load, 'cell' | 'pass'>,
): Amounts {
  const outputTokens = outputLimit(target.parameters, outputTokensOf({ cell, pass }));
  return amountsOf({ requests: 1, inputTokens: cell.inputTokens, outputTokens }, prices);
}

/** Parameters of the user's own win over the limit of the workload. */
export function outputLimit(parameters: Readonly<Record<string, unknown>>, outputTokens: number): number {
  const own = [parameters['max_completion_tokens'], parameters['max_tokens']].find(
    (limit) => typeof limit === 'number',
  );
  return own ?? outputTokens;
}

/** Whole amounts of everything that the spec bounds; null where it bounds nothing but time. */
export function budgetOf({
  budget: { requests, inputTokens, outputTokens, cost },
}: Pick<Spec, 'budget'>): Allowance | null {
  const whole: Allowance = {
    requests,
    inputTokens,
    outputTokens,
    cost: cost === null ? null : Math.floor(cost * micros),
  };
  return budgetNames.every((name) => whole[name] === null) ? null : whole;
}

/** What the stages so far used; a request whose usage is not known counts as what was set aside for it. */
export function spentBy({ spec }: Pick<Plan, 'spec'>, verdicts: readonly Verdict[]): Amounts {
  let requests = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  for (const verdict of verdicts) {
    const { usage, requests: cohort } = verdict;
    const one = reservationOf(spec, verdict);
    const unknown = usage === null ? cohort : usage.requestsWithoutUsage;
    requests += usage?.requests ?? cohort;
    inputTokens += (usage?.inputTokens ?? 0) + unknown * one.inputTokens;
    outputTokens += (usage?.outputTokens ?? 0) + unknown * one.outputTokens;
  }
  return amountsOf({ requests, inputTokens, outputTokens }, spec.prices);
}

/** What the budget leaves, in whole numbers and not below 0; null where nothing but time is bounded. */
export function leftOf(plan: Pick<Plan, 'spec'>, verdicts: readonly Verdict[]): Allowance | null {
  const whole = budgetOf(plan.spec);
  if (whole === null) return null;
  const spent = spentBy(plan, verdicts);
  const left = (name: BudgetName) => {
    const amount = whole[name];
    return amount === null ? null : Math.max(0, Math.floor(amount - spent[name]));
  };
  return {
    requests: left('requests'),
    inputTokens: left('inputTokens'),
    outputTokens: left('outputTokens'),
    cost: left('cost'),
  };
}

/** The budget that can't carry one request on each stream; null when all can. */
export function shortOf(left: Allowance | null, level: number, one: Amounts): BudgetName | null {
  if (left === null) return null;
  return budgetNames.find((name) => (left[name] ?? Number.POSITIVE_INFINITY) < level * one[name]) ?? null;
}

/** Time that the budget leaves, of each stage so far its lead included; infinite without a limit. */
export function leftMs({ spec, tempo }: Pick<Plan, 'spec' | 'tempo'>, verdicts: readonly Verdict[]): number {
  const { minutes } = spec.budget;
  if (minutes === null) return Number.POSITIVE_INFINITY;
  const spentMs = verdicts.reduce((sum, { kind, tookMs }) => {
    return sum + (tookMs ?? 0) + (kind === 'probe' ? 0 : tempo.leadMs);
  }, 0);
  return Math.max(0, minutes * 60_000 - spentMs);
}
