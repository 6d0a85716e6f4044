import { formatDuration } from '../spec/duration.ts';
import type { Estimate, Span } from './estimate.ts';

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** A number with three digits that matter: `1.24`, `0.31`, `1,240`. */
export function rounded(value: number): string {
  return significant.format(value);
}

/** `12 to 38`, or `12` where both ends read the same. */
export function spanText({ least, most }: Span, format: (value: number) => string): string {
  const [from, to] = [format(least), format(most)];
  return from === to ? from : `${from} to ${to}`;
}

/** Minutes from ten minutes on: an estimate knows no seconds. */
export function roughDuration(ms: number): string {
  return formatDuration(ms < 600_000 ? Math.round(ms / 1000) * 1000 : Math.round(ms / 60_000) * 60_000);
}

/** A large number in short: `9.4K`, `4.8M`. */
export function roughCount(value: number): string {
  return value < 10_000 ? significant.format(value) : compact.format(value);
}

/** `it may end early by budget.minutes`; null where no budget ends it. */
export function endedByText({ endedBy }: Estimate): string | null {
  if (endedBy.length === 0) return null;
  const names = endedBy.map(({ budget }) => `budget.${budget}`).join(' or ');
  return `it ${endedBy.some(({ of }) => of === 'all') ? 'ends' : 'may end'} early by ${names}`;
}

/** `6 to 7 stages, 6m to 38m: 1,200 to 9,400 requests, 614K to 4.8M tokens in, 38K to 1.2M out, 0.52 to 3.9 USD`. */
export function estimateText({ stagesRun, durationMs, requests, inputTokens, outputTokens, cost }: Estimate): string {
  const stages = spanText(stagesRun, roughCount);
  return [
    `${stages} ${stages === '1' ? 'stage' : 'stages'}, ${spanText(durationMs, roughDuration)}: ${spanText(requests, roughCount)} requests`,
    `${spanText(inputTokens, roughCount)} tokens in`,
    `${spanText(outputTokens, roughCount)} out`,
    ...(cost === null ? [] : [`${spanText(cost, rounded)} ${cost.currency}`]),
  ].join(', ');
}
