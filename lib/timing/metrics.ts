import type { Stamps } from './stamps.ts';

/** What the per-request metrics are made of, beside the stamps. */
export interface Measured extends Stamps {
  /** The endpoint answered as a stream. */
  readonly streamed: boolean;
  /** The whole answer came in one read though it held eight tokens or more: its token times are a proxy's. */
  readonly buffered: boolean;
  /** Tokens streamed (n): output tokens, less hidden reasoning; null when no count is known. */
  readonly streamedTokens: number | null;
  /** Reads that carried at least one token event. */
  readonly tokenReads: number;
}

/** Metrics of one request, in milliseconds; null where the definition has no value. */
export interface RequestMetrics {
  readonly sendLagMs: number | null;
  readonly ttfbMs: number | null;
  readonly ttftMs: number | null;
  readonly ttfoMs: number | null;
  readonly tpotMs: number | null;
  readonly latencyMs: number | null;
  readonly latencyFromDueMs: number | null;
  /** 1000 ÷ tpotMs. */
  readonly tokensPerSecondPerUser: number | null;
}

const between = (fromUs: number | null, toUs: number | null): number | null =>
  fromUs === null || toUs === null ? null : (toUs - fromUs) / 1000;

/** Derives the metrics of one request from its stamps, by the definitions in docs/metrics.md. */
export function metricsOf(measured: Measured): RequestMetrics {
  const tokenTimesCount = measured.streamed && !measured.buffered;
  const tpotMs = tokenTimesCount ? timePerOutputToken(measured) : null;
  const answeredUs = measured.streamed ? measured.lastTokenUs : measured.endUs;
  return {
    sendLagMs: between(measured.dueUs, measured.sentUs),
    ttfbMs: between(measured.sentUs, measured.headersUs),
    ttftMs: tokenTimesCount ? between(measured.sentUs, measured.firstTokenUs) : null,
    ttfoMs: tokenTimesCount ? between(measured.sentUs, measured.firstVisibleTokenUs) : null,
    tpotMs,
    latencyMs: between(measured.sentUs, answeredUs),
    latencyFromDueMs: between(measured.dueUs, answeredUs),
    tokensPerSecondPerUser: tpotMs === null || tpotMs === 0 ? null : 1000 / tpotMs,
  };
}

/** TPOT = (tn − t1) ÷ (n − 1); null with fewer than two tokens, an unknown n, or all tokens in one read. */
function timePerOutputToken(measured: Measured): number | null {
  const { streamedTokens, tokenReads } = measured;
  if (streamedTokens === null || streamedTokens < 2 || tokenReads < 2) return null;
  const decodeMs = between(measured.firstTokenUs, measured.lastTokenUs);
  return decodeMs === null ? null : decodeMs / (streamedTokens - 1);
}
