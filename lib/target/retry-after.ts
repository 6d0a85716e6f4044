import { type AnswerHeaders, headerOf } from './answer-headers.ts';

/**
 * How long the endpoint asks to wait, in milliseconds from now; null when it does not say. `retry-after` holds seconds
 * or an HTTP date (RFC 9110, section 10.2.3); `retry-after-ms` (OpenAI, Azure) is finer and goes first.
 */
export function retryAfterMs(headers: AnswerHeaders, nowEpochMs: number): number | null {
  const fine = numberOf(headerOf(headers, 'retry-after-ms'));
  if (fine !== null) return Math.round(fine);
  const value = headerOf(headers, 'retry-after');
  const seconds = numberOf(value);
  if (seconds !== null) return Math.round(seconds * 1000);
  // Date.parse alone takes nearly everything for a date.
  const atEpochMs = value !== null && /^\w{3,9}, .+ GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atEpochMs) ? null : Math.max(0, Math.round(atEpochMs - nowEpochMs));
}

function numberOf(value: string | null): number | null {
  return value !== null && /^\s*\d{1,12}(\.\d+)?\s*$/.test(value) ? Number(value) : null;
}
