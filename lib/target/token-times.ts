import type { TokenKind, Usage } from './dialect.ts';

/** Where an event stands: its stamp and the ordinal of the read that brought it. */
export interface Place {
  readonly atUs: number;
  readonly read: number;
}

/** What one event carried. */
export interface Carried {
  readonly kinds: readonly TokenKind[];
  readonly usage: Usage | null;
}

/** When the tokens of one answer came, by the definitions in docs/metrics.md. */
export interface TokenTimes {
  /** An event that carried tokens. */
  add(place: Place, carried: Carried): void;
  /** Stamp of each token event, rising; the first and the last are t1 and tn. */
  readonly atUs: readonly number[];
  readonly firstVisibleUs: number | null;
  /** Reads that carried at least one token event. */
  readonly reads: number;
  readonly reasoningSeen: boolean;
  /** Output tokens so far at each token event, when every one of them told and none told less than the one before. */
  readonly outputTokens: readonly number[] | null;
  /** Output tokens so far as the first token event reports them. */
  readonly firstOutputTokens: number | null;
}

export function tokenTimes(): TokenTimes {
  const atUs: number[] = [];
  let firstOutputTokens: number | null = null;
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
    add({ atUs: nowUs, read }, { kinds, usage }) {
      const count = usage?.outputTokens ?? null;
      if (atUs.length === 0) firstOutputTokens = count;
      atUs.push(nowUs);
      addCount(count);
      if (read !== lastRead) reads += 1;
      lastRead = read;
      if (kinds.includes('reasoning')) reasoningSeen = true;
      if (firstVisibleUs === null && kinds.some((kind) => kind !== 'reasoning')) firstVisibleUs = nowUs;
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
    get firstOutputTokens() {
      return firstOutputTokens;
    },
  };
}
