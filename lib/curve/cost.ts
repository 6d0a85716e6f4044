import { amountsOf } from '../plan/allowance.ts';
import type { Prices } from '../spec/budget.ts';
import type { Usage } from './point.ts';

/** What tokens cost, by the endpoint's counts and the spec's prices. */
export interface Cost {
  readonly amount: number;
  readonly currency: string;
  /** The usage of some requests is not known, and not in the amount. */
  readonly isLowerBound: boolean;
}

const million = 1e6;

/** Tokens in and out times their prices; cached input at the full price. Null without prices or a known usage. */
export function costOf(usage: Usage | null, prices: Prices | null): Cost | null {
  if (usage === null || prices === null) return null;
  return {
    amount: amountsOf(usage, prices).cost / million,
    currency: prices.currency,
    isLowerBound: usage.requestsWithoutUsage > 0,
  };
}
