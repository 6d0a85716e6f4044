import { likelyKey } from '../spec/credentials.ts';
import type { Ending } from '../timing/outcome.ts';
import { errorWords } from './error-words.ts';
import { foreignText } from './foreign-text.ts';
import { isRecord, parseJson } from './json.ts';

/** An answer with a status other than 2xx. */
export interface Refusal {
  readonly status: number;
  /** The beginning of the body, already free of secrets. */
  readonly body: string;
  /** Where a redirect pointed, already free of secrets. */
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

function redirectEnding(status: number, location: string | null): Ending {
  const where = location === null ? 'without saying where' : `to ${placeOf(location)}`;
  return {
    outcome: 'http_error',
    detail: null,
    message: foreignText(`status ${status} redirects ${where}; redirects are never followed`),
  };
}

/** Longer places are cut, so that what follows them stays. */
const longestPlace = 120;

const anyOrigin = 'http://relative.invalid';

/** A location without what may hold a key: user and password, query, fragment, parameters of the path, keys in it. */
function placeOf(location: string): string {
  const url = URL.canParse(location, anyOrigin) ? new URL(location, anyOrigin) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return 'no address of HTTP';
  const path = url.pathname.split('/').map(withoutKey).join('/');
  // Without a scheme it is that of the request.
  const host = location.trim().startsWith('//') ? `//${url.host}` : url.origin;
  const place = foreignText(url.origin === anyOrigin ? path : host + path);
  return place.length > longestPlace ? `${place.slice(0, longestPlace)}…` : place;
}

function withoutKey(part: string): string {
  const plain = part.split(';')[0] ?? '';
  return likelyKey(decoded(plain)) ? '…' : plain;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
