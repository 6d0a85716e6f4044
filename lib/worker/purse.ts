import { type Amounts, amountsOf, type BudgetName, budgetNames } from '../plan/allowance.ts';
import type { Funds } from '../plan/assignment.ts';

/** Lengths of a request: asked for, or used. */
export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What became of a request; null where the endpoint gave no count. */
export interface Used {
  readonly sent: boolean;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/** A worker's share of the budget. */
export interface Purse {
  /** The budget that was gone first; null while there is enough. */
  readonly ranOutOf: BudgetName | null;
  /** Sets aside what a request takes at most. False where not enough is left: from then on nothing more is sent. */
  reserve(asked: Tokens): boolean;
  /** What was set aside is replaced by what was used, as far as that is known. */
  settle(asked: Tokens, used: Used): void;
}

/** Spent and set aside together never exceed the share, as long as no request takes more than was set aside for it. */
export function purseOf(funds: Funds | null): Purse {
  if (funds === null) return { ranOutOf: null, reserve: () => true, settle: () => undefined };
  const { share, prices } = funds;
  const amounts = (requests: number, tokens: Tokens) => amountsOf({ requests, ...tokens }, prices);
  let taken = amounts(0, { inputTokens: 0, outputTokens: 0 });
  let ranOutOf: BudgetName | null = null;
  return {
    get ranOutOf() {
      return ranOutOf;
    },
    reserve(asked) {
      const wanted = plus(taken, amounts(1, asked));
      ranOutOf ??= budgetNames.find((name) => wanted[name] > (share[name] ?? Number.POSITIVE_INFINITY)) ?? null;
      if (ranOutOf !== null) return false;
      taken = wanted;
      return true;
    },
    settle(asked, { sent, inputTokens, outputTokens }) {
      const used = { inputTokens: inputTokens ?? asked.inputTokens, outputTokens: outputTokens ?? asked.outputTokens };
      taken = plus(taken, amounts(1, asked), -1);
      if (sent) taken = plus(taken, amounts(1, used));
    },
  };
}

function plus(a: Amounts, b: Amounts, sign: 1 | -1 = 1): Amounts {
  return {
    requests: a.requests + sign * b.requests,
    inputTokens: a.inputTokens + sign * b.inputTokens,
    outputTokens: a.outputTokens + sign * b.outputTokens,
    cost: a.cost + sign * b.cost,
  };
}
