import type { TokenKind } from './dialect.ts';

/** One event of a stream that carried tokens. */
export interface TokenEvent {
  readonly atUs: number;
  /** Ordinal of the read that brought it. */
  readonly read: number;
  readonly kinds: readonly TokenKind[];
  /** Output and reasoning tokens so far, as the same event reports them; null where it says nothing. */
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** When the tokens of one answer came, by the definitions in docs/metrics.md. */
export interface TokenTimes {
  add(event: TokenEvent): void;
  /** Stamp of each token event, rising; the first and the last are t1 and tn. */
  readonly atUs: readonly number[];
  readonly firstVisibleUs: number | null;
  /** Reads that carried at least one token event. */
  readonly reads: number;
  readonly reasoningSeen: boolean;
  /** Output tokens so far at each token event, when every one of them told and none told less than the one before. */
  readonly outputTokens: readonly number[] | null;
  readonly first: TokenEvent | null;
}

export function tokenTimes(): TokenTimes {
  const atUs: number[] = [];
  let first: TokenEvent | null = null;
  let firstVisibleUs: number | null = null;
  let reads = 0;
  let lastRead = -1;
  let reasoningSeen = false;
  let outputTokens: number[] | null = [];

  const addCount = (count: number | null) => {
    if (outputTokens === null) return;
    if (count === null || count < (outputTokens.at(-1) ?? 0)) outputTokens = null;
    else outputTokens.push(count);
  };

  return {
    add(event) {
      first ??= event;
      atUs.push(event.atUs);
      addCount(event.outputTokens);
      if (event.read !== lastRead) reads += 1;
      lastRead = event.read;
      if (event.kinds.includes('reasoning')) reasoningSeen = true;
      if (firstVisibleUs === null && event.kinds.some((kind) => kind !== 'reasoning')) firstVisibleUs = event.atUs;
    },
    atUs,
    get firstVisibleUs() {
      return firstVisibleUs;
    },
    get reads() {
      return reads;
    },
    get reasoningSeen() {
      return reasoningSeen;
    },
    get outputTokens() {
      return atUs.length === 0 ? null : outputTokens;
    },
    get first() {
      return first;
    },
  };
}
