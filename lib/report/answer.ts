import type { Answers, Knee } from '../curve/curve.ts';
import type { Point } from '../curve/point.ts';
import type { CellView } from './cells.ts';
import { count, figure, levelList, parallelRequests, percent, roughPercent, time, wordList } from './format.ts';
import { sloRemark, sloSentence } from './slo-answer.ts';

export type AnswerKind = Exclude<keyof Answers, 'sloGiven'>;

const names: Readonly<Record<AnswerKind, string>> = {
  lowLatency: 'low latency',
  balanced: 'balanced',
  highThroughput: 'high throughput',
  highestMet: 'SLO limit',
};

const purposes = {
  lowLatency: 'for the lowest latency',
  balanced: 'for a balance of both',
  highThroughput: 'for the highest throughput',
} as const;

/** A level that answers one or more of the questions. */
export interface Answer {
  readonly level: number;
  /** In the order SLO limit, low latency, balanced, high throughput. */
  readonly kinds: readonly AnswerKind[];
  readonly point: Point | null;
  /** Only one level was measured: then it is the lowest, the highest and the balanced one, and none of them says anything. */
  readonly only: boolean;
}

/** The answers of a cell by level, those of one level together. */
export function answersOf({ curve, points }: CellView): readonly Answer[] {
  if (curve === null) return [];
  const { answers } = curve;
  const given = (['highestMet', 'lowLatency', 'balanced', 'highThroughput'] as const).flatMap((kind) => {
    const level = answers[kind];
    return level === null ? [] : [{ kind, level }];
  });
  const levels = [...new Set(given.map(({ level }) => level))];
  return levels.map((level) => ({
    level,
    kinds: given.filter((answer) => answer.level === level).map(({ kind }) => kind),
    point: points.find((point) => point.level === level) ?? null,
    only: points.length === 1,
  }));
}

/** `low latency and balanced`. */
export function answerName({ kinds, only }: Answer): string {
  if (only) return kinds.includes('highestMet') ? `only level and ${names.highestMet}` : 'only level';
  return wordList(kinds.map((kind) => names[kind]));
}

/** What the SLO allows, then `Send 1 parallel request for the lowest latency, 32 for …`; null when no level answers. */
export function answerSentence(view: CellView): string | null {
  const answers = answersOf(view);
  const [only] = answers;
  if (only === undefined) return null;
  const slo = sloSentence(view);
  const rest = answers.length === 1 && view.points.length === 1 ? onlyLevel(only) : toSend(answers);
  return slo === null ? rest : `${slo} ${rest}`;
}

function toSend(answers: readonly Answer[]): string {
  const purposesOf = ({ kinds }: Answer) => kinds.flatMap((kind) => (kind === 'highestMet' ? [] : purposes[kind]));
  const parts = answers
    .filter((answer) => purposesOf(answer).length > 0)
    .map((answer, index) => {
      const amount = index === 0 ? parallelRequests(answer.level) : count(answer.level);
      return `${amount} ${wordList(purposesOf(answer))}`;
    });
  return `Send ${parts.join(', ')}.`;
}

function onlyLevel({ level, point }: Answer): string {
  const { value } = point?.outputTokensPerSecond ?? { value: null };
  const gave = value === null ? '' : ` gave ${figure(value)} output tokens/s`;
  return `${parallelRequests(level)}${gave || ' was measured'}. One level makes no curve: measure at least two.`;
}

/** What qualifies the answers: what the balance costs, no knee and why, noise, suspect levels, drift. */
export function answerRemarks(view: CellView): readonly string[] {
  const { curve, points } = view;
  if (curve === null) return [];
  const suspect = answersOf(view).filter(({ point }) => point?.validity.state === 'suspect');
  const remarks: (string | null)[] = [
    sloRemark(view),
    tradeOf(view),
    curve.knee.reason === 'still_rising' ? stillRising(view) : null,
    curve.knee.reason === 'too_few_levels' && points.length > 1
      ? `No balance can be named: ${noBalance(curve.knee.reason, points)}.`
      : null,
    curve.knee.withinNoise && curve.knee.level !== null
      ? `The next level below ${count(curve.knee.level)} may serve as well: their difference is within the noise.`
      : null,
    suspect.length > 0
      ? `Take ${wordList(suspect.map(({ level }) => count(level)))} with care: the measurement is suspect there.`
      : null,
    driftRemark(curve.drift),
  ];
  return remarks.filter((remark) => remark !== null);
}

/** Why no balanced level can be named, as a clause. */
export function noBalance(reason: Knee['reason'], points: readonly Point[]): string {
  if (reason === 'still_rising') return 'throughput still rises at the highest level';
  if (points.every(({ outputTokensPerSecond }) => outputTokensPerSecond.value === null)) {
    return 'without a count of tokens there is no throughput to compare';
  }
  return 'that takes at least two levels that can be believed';
}

/** What the balanced level gives up and gains against the highest throughput. */
function tradeOf({ curve, points }: CellView): string | null {
  const balanced = points.find(({ level }) => level === curve?.answers.balanced);
  const highest = points.find(({ level }) => level === curve?.answers.highThroughput);
  if (!balanced || !highest || balanced === highest) return null;
  const [rate, most] = [balanced.outputTokensPerSecond.value, highest.outputTokensPerSecond.value];
  const [wait, longest] = [balanced.latencyMs.p50, highest.latencyMs.p50];
  if (rate === null || !most || wait === null || !longest) return null;
  return `Against ${count(highest.level)}, ${parallelRequests(balanced.level)} give ${roughPercent(rate / most)} of the throughput at ${roughPercent(wait / longest)} of the latency.`;
}

/** Which level to try next: one above the top, or those above it that came out void. */
function stillRising({ points, running }: CellView): string | null {
  const top = points.findLastIndex((point) => point.validity.state !== 'void');
  const level = points[top]?.level;
  if (level === undefined) return null;
  if (running) return `Throughput still rises at ${parallelRequests(level)}, the highest level so far.`;
  const above = points.slice(top + 1).map((point) => point.level);
  return above.length === 0
    ? `Throughput still rises at ${parallelRequests(level)}, the highest level: add higher levels to find the balance.`
    : `Throughput still rises at ${parallelRequests(level)}, the highest level that can be believed: to find the balance, mend what made ${levelList(above)} void and run the sweep again.`;
}

function driftRemark(drift: string): string | null {
  if (drift !== 'drifted') return null;
  return 'The first level, run again at the end, came out different: the endpoint changed during the sweep. Repeat it.';
}

/** `2,212 tokens/s, 76.5 per user, TTFT 359 ms, latency 3.63 s`, medians; what is unknown is left out. */
export function answerFigures(point: Point): string {
  const { outputTokensPerSecond, tokensPerSecondPerUser, ttftMs, latencyMs, throughputIsLowerBound } = point;
  const bound = throughputIsLowerBound ? 'at least ' : '';
  const parts = [
    outputTokensPerSecond.value === null ? null : `${bound}${figure(outputTokensPerSecond.value)} tokens/s`,
    tokensPerSecondPerUser.p50 === null ? null : `${figure(tokensPerSecondPerUser.p50)} per user`,
    ttftMs.p50 === null ? null : `TTFT ${time(ttftMs.p50)}`,
    latencyMs.p50 === null ? null : `latency ${time(latencyMs.p50)}`,
    point.goodput && point.goodput.share !== null ? `${percent(point.goodput.share)} good` : null,
    point.errorShare !== null && point.errorShare > 0 ? `${percent(point.errorShare)} errors` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
