import type { Search } from '../spec/load.ts';
import type { Spec } from '../spec/schema.ts';
import { reservationOf } from './budget.ts';
import { rounded } from './estimate-text.ts';
import type { Assumed } from './rehearsal.ts';
import type { Verdict } from './verdict.ts';

/** What is taken for granted of an endpoint that nobody has asked yet. */
const unknown = { firstTokenMs: [100, 3000], tokensPerSecond: [150, 20], shortest: 0.25 } as const;

/** Endpoints against which a sweep is rehearsed, and what they take for granted. */
export interface Assumption {
  readonly endpoints: readonly Assumed[];
  readonly sentences: readonly string[];
}

/** How fast an endpoint answers a single request, and how long its answers are. */
interface Pace {
  readonly latencyMs: number;
  readonly outputTokens: number;
}

/**
 * Endpoints between which the one to be measured should lie: by what the probe found, else by what is usual; with a latency
 * that stays as it is at every level, and with one that grows in proportion to it.
 */
export function assumptionsOf(spec: Spec, probe: Verdict | null): Assumption {
  const { paces, sentences } = probe === null ? usualPaces(spec) : probedPaces(spec, probe);
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

function usualPaces(spec: Spec): Paces {
  const [soonMs, lateMs] = unknown.firstTokenMs;
  const [fast, slow] = unknown.tokensPerSecond;
  const long = reservationOf(spec).outputTokens;
  const short = shortest(long);
  const pace = (outputTokens: number, firstTokenMs: number, perSecond: number): Pace => ({
    latencyMs: firstTokenMs + (1000 * outputTokens) / perSecond,
    outputTokens,
  });
  return {
    paces: [pace(short, soonMs, fast), pace(long, soonMs, fast), pace(long, lateMs, slow)],
    sentences: [
      `Before the probe nothing is known of the endpoint: answers are taken to begin after ${soonMs / 1000} to ${lateMs / 1000} s, and to come at ${slow} to ${fast} tokens a second each.`,
      lengthSentence,
    ],
  };
}

function probedPaces(spec: Spec, { p50LatencyMs, usage }: Verdict): Paces {
  const long = reservationOf(spec).outputTokens;
  const counted = usage === null ? 0 : usage.requests - usage.requestsWithoutUsage;
  const latencyMs = p50LatencyMs ?? unknown.firstTokenMs[1];
  const lengths = usage === null || counted === 0 ? [shortest(long), long] : [usage.outputTokens / counted];
  const [mean = long] = lengths;
  return {
    paces: lengths.map((outputTokens) => ({ latencyMs, outputTokens })),
    sentences: [
      `A single request is taken to last ${rounded(latencyMs / 1000)} s, as in the probe.`,
      lengths.length === 1 ? `Answers are taken to have ${rounded(mean)} tokens, as in the probe.` : lengthSentence,
    ],
  };
}

const shortest = (long: number) => Math.max(1, Math.round(long * unknown.shortest));

const lengthSentence = 'Answers are taken to have a quarter to all of the tokens that they may have.';

function loadSentences({ load }: Spec): string[] {
  return [
    'At higher levels latency is taken to stay as it is, or to grow in proportion to the level.',
    ...(load.search === null
      ? []
      : ['Of a search no level is taken to be in doubt: each that is takes up to three stages more.']),
  ];
}

type Behaviour = Pick<Assumed, 'latencyMs' | 'outputTokens'>;

const steady = ({ latencyMs, outputTokens }: Pace, { deadlines }: Spec): Behaviour => ({
  latencyMs: () => Math.min(latencyMs, deadlines.total),
  outputTokens,
});

const growing = ({ latencyMs, outputTokens }: Pace, { deadlines }: Spec): Behaviour => ({
  latencyMs: (level) => Math.min(latencyMs * level, deadlines.total),
  outputTokens,
});

/** With every way in which stop rules or a search can turn. */
function judged({ load }: Spec, behaviour: Behaviour): Assumed[] {
  if (load.search !== null) {
    return limitsOf(load.search).map((limit) => ({
      ...behaviour,
      tokensPerSecond: null,
      slo: (level) => (level <= limit ? 'met' : 'missed'),
    }));
  }
  const whole: Assumed = { ...behaviour, tokensPerSecond: null, slo: () => 'met' };
  return [
    whole,
    ...(load.stopAt.includes('slo') ? [{ ...whole, slo: () => 'missed' as const }] : []),
    ...(load.stopAt.includes('plateau') ? [{ ...whole, tokensPerSecond: 1 }] : []),
  ];
}

/** Limits that lead to the shortest and the longest ways of a search: at the ends of each doubling. */
function limitsOf({ from, to }: Search): number[] {
  const limits = [from - 1, to];
  for (let level = from; level < to; level *= 2) limits.push(level, Math.min(2 * level, to) - 1);
  return limits;
}
