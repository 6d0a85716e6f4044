import type { Prices } from '../spec/budget.ts';
import type { Share } from './share.ts';

/** What a budget bounds beside time. */
export const budgetNames = ['requests', 'inputTokens', 'outputTokens', 'cost'] as const;

export type BudgetName = (typeof budgetNames)[number];

/** Amounts of everything that a budget bounds; `cost` in millionths of the currency. */
export type Amounts = Readonly<Record<BudgetName, number>>;

/** What may still be used, in whole numbers; null: as much as it takes. */
export type Allowance = Readonly<Record<BudgetName, number | null>>;

/** What so many requests with so many tokens amount to. A price for a million tokens is one for a token in millionths. */
export function amountsOf(
  { requests, inputTokens, outputTokens }: Omit<Amounts, 'cost'>,
  prices: Pick<Prices, 'inputPerMillion' | 'outputPerMillion'> | null,
): Amounts {
  const cost = prices === null ? 0 : inputTokens * prices.inputPerMillion + outputTokens * prices.outputPerMillion;
  return { requests, inputTokens, outputTokens, cost };
}

/** What of an allowance falls to the streams of one worker: in proportion to them; the parts sum to the whole. */
export function allowanceOf(whole: Allowance, { first, count }: Share, level: number): Allowance {
  const part = (amount: number | null) => amount && upTo(amount, first + count, level) - upTo(amount, first, level);
  return {
    requests: part(whole.requests),
    inputTokens: part(whole.inputTokens),
    outputTokens: part(whole.outputTokens),
    cost: part(whole.cost),
  };
}

/** ⌊amount × streams ÷ level⌋, exact also where the product is beyond 2⁵³. */
function upTo(amount: number, streams: number, level: number): number {
  return Number((BigInt(amount) * BigInt(streams)) / BigInt(level));
}
