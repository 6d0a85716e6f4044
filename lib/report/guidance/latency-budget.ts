import type { Point } from '../../curve/point.ts';
import type { Slo } from '../../spec/slo.ts';
import type { CellView } from '../cells.ts';
import { count, figure, parallelRequests, percent, time, wordList } from '../format.ts';
import { sloSentence } from '../slo-answer.ts';
import { believed, lowestAndAnswer } from './believed.ts';
import type { GuidanceItem } from './guidance-item.ts';

/** The most load that a latency budget bears; without an SLO how to choose one. */
export function latencyBudget(view: CellView, slo: Slo | null): GuidanceItem | null {
  const points = believed(view);
  if (points.length === 0) return null;
  const { text, levels } = sloText(view) ?? (slo === null ? ofLatencies(view, points) : ofGoodput(points));
  return { title: 'The latency budget', text, levels, short: false };
}

type Told = Pick<GuidanceItem, 'text' | 'levels'>;

const advice = 'Take the most throughput that your latency budget allows';

function sloText(view: CellView): Told | null {
  const sentence = sloSentence(view);
  const level = view.curve?.answers.highestMet ?? null;
  return sentence === null ? null : { text: `${advice}. ${sentence}`, levels: level === null ? [] : [level] };
}

function ofLatencies(view: CellView, points: readonly Point[]): Told {
  const known = points.flatMap(({ level, latencyMs: { p95, p50 } }) => {
    if (p95 !== null) return [{ level, name: 'p95', ms: p95 }];
    return p50 === null ? [] : [{ level, name: 'p50', ms: p50 }];
  });
  const told = lowestAndAnswer(view, known);
  const parts = told.map(
    ({ level, name, ms }, index) => `${time(ms)} (${name}) at ${index === 0 ? parallelRequests(level) : count(level)}`,
  );
  const figures = parts.length === 0 ? '' : ` Latency was ${wordList(parts)}.`;
  return {
    text: `${advice}. This sweep names none; with one under slo in the spec, the report says which level keeps it.${figures}`,
    levels: told.map(({ level }) => level),
  };
}

/** Bounds on single requests alone: no level can miss them, yet one has the most good requests. */
function ofGoodput(points: readonly Point[]): Told {
  const [best] = points
    .flatMap(({ level, goodput }) =>
      goodput === null || goodput.share === null || goodput.requestsPerSecond === null
        ? []
        : [{ level, share: goodput.share, rate: goodput.requestsPerSecond }],
    )
    .sort((a, b) => b.rate - a.rate || a.level - b.level);
  if (best === undefined || best.rate === 0) {
    const why = best === undefined ? 'No request could be held against the bounds' : 'No request kept the bounds';
    return { text: `${advice}. ${why} of slo.perRequest.`, levels: best === undefined ? [] : [best.level] };
  }
  return {
    text: `${advice}. The most requests that kept the bounds of slo.perRequest, ${figure(best.rate)} a second, came at ${parallelRequests(best.level)}, where ${percent(best.share)} of them did.`,
    levels: [best.level],
  };
}
