import type { Cost } from '../curve/cost.ts';
import type { Usage } from '../curve/point.ts';
import { count, figure } from './format.ts';

/** `7,342 requests with 15,035,000 tokens in and 1,880,000 out; 64 brought no count of tokens`. */
export function usageText({ requests, inputTokens, outputTokens, requestsWithoutUsage }: Usage): string {
  const sent = `${count(requests)} ${requests === 1 ? 'request' : 'requests'}`;
  if (requests === 0) return sent;
  if (requestsWithoutUsage === requests && inputTokens + outputTokens === 0) {
    return `${sent}; none brought a count of tokens`;
  }
  const missing = requestsWithoutUsage === 0 ? '' : `; ${count(requestsWithoutUsage)} brought no count`;
  return `${sent} with ${count(inputTokens)} tokens in and ${count(outputTokens)} out${missing}`;
}

/** `12.35 USD`, `at least 0.00412 USD`. */
export function costText({ amount, currency, isLowerBound }: Cost): string {
  const least = isLowerBound ? 'at least ' : '';
  return `${least}${amountText(amount)} ${currency}, by the spec’s prices`;
}

const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function amountText(amount: number): string {
  return amount > 0 && amount < 1 ? figure(amount) : money.format(amount);
}
