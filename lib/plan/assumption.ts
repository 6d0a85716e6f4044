import type { Search } from '../spec/load.ts';
import type { Spec } from '../spec/schema.ts';
import { outputLimit } from './budget.ts';
import { cellOf } from './cell.ts';
import { rounded } from './estimate-text.ts';
import { outputTokensOf } from './pass.ts';
import type { Assumed } from './rehearsal.ts';
import type { Load } from './run-order.ts';
import { latencyScale } from './stage-times.ts';
import type { Verdict } from './verdict.ts';

/** What is taken for granted of an endpoint that nobody has asked yet. */
const unknown = { firstTokenMs: [100, 3000], tokensPerSecond: [150, 20], shortestShare: 0.25 } as const;

/** Endpoints against which a sweep is rehearsed, and what they take for granted. */
export interface Assumption {
  readonly endpoints: readonly Assumed[];
  readonly sentences: readonly string[];
}

/** How fast an endpoint answers a single request, and how long its answers are. */
interface Pace {
  /** Of an answer of so many tokens. */
  latencyMs(outputTokens: number): number;
  /** Of answers that may have so many. */
  outputTokens(limit: number): number;
}

/**
 * Endpoints between which the one to be measured should lie: by what the probe found, else by what is usual; with a latency
 * that stays as it is at every level, and with one that grows in proportion to it.
 */
export function assumptionsOf(spec: Spec, probe: Verdict | null): Assumption {
  const { paces, sentences } = probe === null ? usualPaces() : probedPaces(spec, probe);
  const behaviours = paces.flatMap((pace) => [steady(pace, spec), growing(pace, spec)]);
  return {
    endpoints: behaviours.flatMap((behaviour) => judged(spec, behaviour)),
    sentences: [...sentences, ...loadSentences(spec)],
  };
}

interface Paces {
  readonly paces: readonly Pace[];
  readonly sentences: readonly string[];
}

function usualPaces(): Paces {
  const [soonMs, lateMs] = unknown.firstTokenMs;
  const [fast, slow] = unknown.tokensPerSecond;
  const pace = (outputTokens: Pace['outputTokens'], firstTokenMs: number, perSecond: number): Pace => ({
    latencyMs: (tokens) => firstTokenMs + (1000 * tokens) / perSecond,
    outputTokens,
  });
  return {
    paces: [pace(shortest, soonMs, fast), pace(longest, soonMs, fast), pace(longest, lateMs, slow)],
    sentences: [
      `Before the probe nothing is known of the endpoint: answers are taken to begin after ${soonMs / 1000} to ${lateMs / 1000} s, and to come at ${slow} to ${fast} tokens a second each.`,
      lengthSentence,
    ],
  };
}

function probedPaces(spec: Spec, { p50LatencyMs, usage }: Verdict): Paces {
  const { outputTokens: limit } = cellOf(spec.workload);
  const long = outputLimit(spec.target.parameters, limit);
  const counted = usage === null ? 0 : usage.requests - usage.requestsWithoutUsage;
  const latencyMs = p50LatencyMs ?? unknown.firstTokenMs[1];
  const mean = usage === null || counted === 0 ? null : usage.outputTokens / counted;
  const lengths = mean === null ? [shortest, longest] : [(most: number) => (most * mean) / long];
  return {
    paces: lengths.map((outputTokens) => ({
      latencyMs: (tokens) => latencyMs * latencyScale(outputTokens(long), tokens),
      outputTokens,
    })),
    sentences: [
      `A single request is taken to last ${rounded(latencyMs / 1000)} s, as in the probe.`,
      mean === null ? lengthSentence : `Answers are taken to have ${rounded(mean)} tokens, as in the probe.`,
    ],
  };
}

const shortest = (limit: number) => Math.max(1, Math.round(limit * unknown.shortestShare));
const longest = (limit: number) => limit;

const lengthSentence = 'Answers are taken to have a quarter to all of the tokens that they may have.';

function loadSentences({ load }: Spec): string[] {
  return [
    'At higher levels latency is taken to stay as it is, or to grow in proportion to the level.',
    ...(load.untilPrecise ? ['The p95 of each level is taken to be precise at once, or never.'] : []),
    ...(load.search === null
      ? []
      : ['Of a search no level is taken to be in doubt: each that is takes up to three stages more.']),
  ];
}

type Behaviour = Pick<Assumed, 'latencyMs' | 'outputTokens'>;

const steady = (pace: Pace, spec: Spec): Behaviour => behaviour(pace, spec, () => 1);
const growing = (pace: Pace, spec: Spec): Behaviour => behaviour(pace, spec, ({ level }) => level);

/** @param growth of the latency at a level over that of a single request */
function behaviour(pace: Pace, { deadlines, target }: Spec, growth: (load: Load) => number): Behaviour {
  const outputTokens = (load: Load) => pace.outputTokens(outputLimit(target.parameters, outputTokensOf(load)));
  return {
    latencyMs: (load) => Math.min(pace.latencyMs(outputTokens(load)) * growth(load), deadlines.total),
    outputTokens,
  };
}

/** With every way in which stop rules or a search can turn. */
function judged({ load }: Spec, assumed: Behaviour): Assumed[] {
  if (load.search !== null) {
    return limitsOf(load.search).map((limit) => ({
      ...assumed,
      tokensPerSecond: null,
      precise: true,
      slo: (level) => (level <= limit ? 'met' : 'missed'),
    }));
  }
  const whole: Assumed = { ...assumed, tokensPerSecond: null, slo: () => 'met', precise: true };
  const ways = [
    whole,
    ...(load.stopAt.includes('slo') ? [{ ...whole, slo: () => 'missed' as const }] : []),
    ...(load.stopAt.some((rule) => rule !== 'slo') ? [{ ...whole, tokensPerSecond: 1 }] : []),
  ];
  return load.untilPrecise ? [...ways, ...ways.map((way) => ({ ...way, precise: false }))] : ways;
}

/** Limits that lead to the shortest and the longest ways of a search: at the ends of each doubling. */
function limitsOf({ from, to }: Search): number[] {
  const limits = [from - 1, to];
  for (let level = from; level < to; level *= 2) limits.push(level, Math.min(2 * level, to) - 1);
  return limits;
}
