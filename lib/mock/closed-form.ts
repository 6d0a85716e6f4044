import { prefillMs, type QueueModel, stepMs } from './queue-model.ts';

/** Lengths that all requests share. */
export interface Lengths {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What the model must show at a level, in the mean: milliseconds and tokens per second. */
export interface ClosedForm {
  readonly level: number;
  readonly ttftMs: number;
  /** Null for answers of one token. */
  readonly tpotMs: number | null;
  readonly latencyMs: number;
  readonly outputTokensPerSecond: number;
  readonly requestsPerSecond: number;
}

/**
 * The known point of `level` closed-loop streams without pauses, jitter off. With m = min(L, B), s = c + d × m and the
 * service time S = P + (n − 1) × s: throughput is m × n ÷ S, and by Little's law latency is S × L ÷ m, of which
 * S × (L ÷ m − 1) is spent in the queue. Exact in the mean at every level, and for each request where B divides L.
 */
export function closedForm(model: QueueModel, lengths: Lengths, level: number): ClosedForm {
  const served = Math.min(level, model.slots);
  const step = stepMs(model, served);
  const prefill = prefillMs(model, lengths.inputTokens);
  const serviceMs = prefill + (lengths.outputTokens - 1) * step;
  const queuedMs = serviceMs * (level / served - 1);
  const requestsPerSecond = (1000 * served) / serviceMs;
  return {
    level,
    ttftMs: queuedMs + prefill,
    tpotMs: lengths.outputTokens < 2 ? null : step,
    latencyMs: queuedMs + serviceMs,
    outputTokensPerSecond: requestsPerSecond * lengths.outputTokens,
    requestsPerSecond,
  };
}

/**
 * The smallest level whose throughput is at least 1 ÷ (1 + share) of the highest that the model ever reaches; more
 * load than that buys less than `share`.
 */
export function closedFormKnee(model: QueueModel, lengths: Lengths, share = 0.1): number {
  const throughput = (level: number) => closedForm(model, lengths, level).outputTokensPerSecond;
  const enough = throughput(model.slots) / (1 + share);
  let level = 1;
  while (level < model.slots && throughput(level) < enough) level += 1;
  return level;
}
