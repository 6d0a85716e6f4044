import type { Point } from '../../curve/point.ts';
import type { Cell } from '../../plan/stage.ts';
import type { CellView } from '../cells.ts';
import { believed } from './believed.ts';

export type LengthName = keyof Pick<Cell, 'inputTokens' | 'outputTokens'>;

/** One end of a step between two cells. */
export interface LengthEnd {
  readonly view: CellView;
  /** Of a request, as the endpoint counted them in the mean; else as they were asked for. */
  readonly tokens: number;
  /** In milliseconds. */
  readonly value: number;
}

/** A figure of two cells that differ in one length, at one level that can be believed in both. */
export interface LengthStep {
  readonly level: number;
  /** The length that both share, in tokens. */
  readonly other: number;
  readonly from: LengthEnd;
  readonly to: LengthEnd;
}

/** Of all pairs of cells that differ in this length alone the one furthest apart, at the lowest level with the figure. */
export function longestStep(
  views: readonly CellView[],
  length: LengthName,
  figureOf: (point: Point) => number | null,
): LengthStep | null {
  const kept = length === 'inputTokens' ? 'outputTokens' : 'inputTokens';
  const steps = views.flatMap((from) =>
    views
      .filter(({ cell }) => cell[kept] === from.cell[kept] && cell[length] > from.cell[length])
      .flatMap((to) => {
        const ends = endsOf(from, to, length, figureOf);
        return ends === null ? [] : [{ ...ends, other: from.cell[kept] }];
      }),
  );
  const apart = ({ from, to }: LengthStep) => to.tokens / from.tokens;
  const [longest] = steps.toSorted((a, b) => apart(b) - apart(a) || a.level - b.level || a.other - b.other);
  return longest ?? null;
}

function endsOf(
  from: CellView,
  to: CellView,
  length: LengthName,
  figureOf: (point: Point) => number | null,
): Omit<LengthStep, 'other'> | null {
  for (const short of believed(from)) {
    const long = believed(to).find(({ level }) => level === short.level);
    const [shortValue, longValue] = [figureOf(short), long === undefined ? null : figureOf(long)];
    if (long === undefined || shortValue === null || longValue === null) continue;
    const [shortTokens, longTokens] = tokensOf(short, long, length);
    if (longTokens <= shortTokens) continue;
    return {
      level: short.level,
      from: { view: from, tokens: shortTokens, value: shortValue },
      to: { view: to, tokens: longTokens, value: longValue },
    };
  }
  return null;
}

const means = { inputTokens: 'meanInputTokens', outputTokens: 'meanOutputTokens' } as const;

function tokensOf(short: Point, long: Point, length: LengthName): readonly [number, number] {
  const [shortMean, longMean] = [short[means[length]], long[means[length]]];
  return shortMean === null || longMean === null ? [short.cell[length], long.cell[length]] : [shortMean, longMean];
}
