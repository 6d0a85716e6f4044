import { slicesPerWindow } from './request-record.ts';

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
