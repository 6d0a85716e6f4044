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
 * The known point of `level` closed-loop streams without pauses, jitter off, all replicas up. With m = min(L, B), s = c
 * + d × m and the service time S = P + (n − 1) × s: throughput is m × n ÷ S, and by Little's law latency is S × L ÷ m,
 * of which S × (L ÷ m − 1) is spent in the queue. Of R replicas each carries ⌊L ÷ R⌋ or one more, and their throughputs
 * add up. Exact in the mean at every level of one replica, and for each request where B × R divides L.
 */
export function closedForm(model: QueueModel, lengths: Lengths, level: number): ClosedForm {
  const { replicas = 1, slots } = model;
  const served = Math.min(level, slots * replicas);
  const prefill = prefillMs(model, lengths.inputTokens);
  const groups = sharesOf(served, replicas).map(({ count, held }) => {
    const step = stepMs(model, held);
    const serviceMs = prefill + (lengths.outputTokens - 1) * step;
    return { step, serviceMs, perSecond: (1000 * count * held) / serviceMs };
  });
  const requestsPerSecond = groups.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const mean = (of: (group: (typeof groups)[number]) => number) =>
    groups.reduce((sum, group) => sum + of(group) * group.perSecond, 0) / requestsPerSecond;
  const serviceMs = mean((group) => group.serviceMs);
  const queuedMs = serviceMs * (level / served - 1);
  return {
    level,
    ttftMs: queuedMs + prefill,
    tpotMs: lengths.outputTokens < 2 ? null : mean(({ step }) => step),
    latencyMs: queuedMs + serviceMs,
    outputTokensPerSecond: requestsPerSecond * lengths.outputTokens,
    requestsPerSecond,
  };
}

/** How many replicas hold how many of the answers: as even as can be; those that hold none are left out. */
function sharesOf(served: number, replicas: number): { readonly count: number; readonly held: number }[] {
  const held = Math.floor(served / replicas);
  const fuller = served % replicas;
  return [
    { count: fuller, held: held + 1 },
    { count: replicas - fuller, held },
  ].filter((share) => share.count > 0 && share.held > 0);
}

/**
 * The smallest level whose throughput is at least 1 ÷ (1 + share) of the highest that the model ever reaches; more
 * load than that buys less than `share`.
 */
export function closedFormKnee(model: QueueModel, lengths: Lengths, share = 0.1): number {
  const throughput = (level: number) => closedForm(model, lengths, level).outputTokensPerSecond;
  const slots = model.slots * (model.replicas ?? 1);
  const enough = throughput(slots) / (1 + share);
  let level = 1;
  while (level < slots && throughput(level) < enough) level += 1;
  return level;
}
