import type { Ending } from '../timing/outcome.ts';
import { errorWords } from './error-words.ts';
import { foreignText } from './foreign-text.ts';
import { isRecord, parseJson } from './json.ts';

/** An answer with a status other than 2xx. */
export interface Refusal {
  readonly status: number;
  /** The beginning of the body, already free of secrets. */
  readonly body: string;
  /** Where a redirect pointed. */
  readonly location: string | null;
}

/** What a refusal means: 429 is `throttled`, everything else `http_error` in the endpoint's own words. */
export function refusalEnding({ status, body, location }: Refusal): Ending {
  if (status >= 300 && status < 400) return redirectEnding(status, location);
  const value = parseJson(body);
  const words = isRecord(value) || Array.isArray(value) ? errorWords(value, body) : { type: null, message: body };
  const message = foreignText(words.message);
  return {
    outcome: status === 429 ? 'throttled' : 'http_error',
    detail: words.type === null ? null : foreignText(words.type),
    message: message === '' ? `status ${status} without a body` : message,
  };
}

/** Only the host is told: the rest of a location can hold a signed address. */
function redirectEnding(status: number, location: string | null): Ending {
  const host = location !== null && URL.canParse(location) ? new URL(location).host : null;
  const where = host === null || host === '' ? 'elsewhere on the same host' : `to ${host}`;
  return {
    outcome: 'http_error',
    detail: null,
    message: foreignText(`status ${status} redirects ${where}; redirects are never followed`),
  };
}
