import { type RequestRecord, slicesPerWindow } from './request-record.ts';

/** When the tokens of an answer arrived: stamps of its token events, in any clock that the window shares. */
export interface TokenArrivals {
  /** n: tokens streamed. */
  readonly tokens: number;
  readonly eventUs: readonly number[];
  /** Tokens up to and with each event, where the server counted along; else they are spread evenly. */
  readonly cumulative: readonly number[] | null;
}

export interface Window {
  readonly startsUs: number;
  readonly endsUs: number;
}

/** Output tokens that arrived in [start, end) of the window, by equal slices; each event brings its share of n. */
export function windowTokensBySlice(
  { tokens, eventUs, cumulative }: TokenArrivals,
  { startsUs, endsUs }: Window,
): number[] {
  const slices = new Array<number>(slicesPerWindow).fill(0);
  const each = tokens / eventUs.length;
  const perUs = slicesPerWindow / (endsUs - startsUs);
  for (let i = 0; i < eventUs.length; i++) {
    const atUs = eventUs[i] ?? Number.NaN;
    if (!(atUs >= startsUs && atUs < endsUs)) continue;
    const slice = Math.min(slicesPerWindow - 1, Math.floor((atUs - startsUs) * perUs));
    const brought = cumulative ? (cumulative[i] ?? 0) - (cumulative[i - 1] ?? 0) : each;
    slices[slice] = (slices[slice] ?? 0) + brought;
  }
  return slices;
}

/** A record with its tokens counted by a window that was not known when it was written; unchanged without a count. */
export function withWindowTokens(record: RequestRecord, window: Window): RequestRecord {
  const { streamedTokens, streamed, firstTokenUs, endUs, tokenGapsUs } = record;
  if (streamedTokens === null || window.endsUs <= window.startsUs) return record;
  const eventUs =
    streamed && firstTokenUs !== null ? stampsFrom(firstTokenUs, tokenGapsUs) : endUs === null ? [] : [endUs];
  const bySlice = windowTokensBySlice({ tokens: streamedTokens, eventUs, cumulative: null }, window);
  return { ...record, windowTokens: bySlice.reduce((sum, tokens) => sum + tokens, 0), windowTokensBySlice: bySlice };
}

function stampsFrom(firstUs: number, gapsUs: readonly number[]): number[] {
  const stamps = [firstUs];
  for (const gapUs of gapsUs) stamps.push((stamps.at(-1) ?? firstUs) + gapUs);
  return stamps;
}
