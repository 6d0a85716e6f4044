import type { Provisioned } from '../../spec/provisioned.ts';
import type { CellView } from '../cells.ts';
import { count, figure, parallelRequests, percent } from '../format.ts';
import { believed } from './believed.ts';
import type { GuidanceItem } from './guidance-item.ts';

/** `24,000 tokens/s`, `0 to 24,000 tokens/s`. */
export function provisionedText({ min, max }: Provisioned): string {
  return `${min === null ? '' : `${count(min)} to `}${count(max)} tokens/s`;
}

/**
 * The share of the provisioned maximum that the best level reached. Both count input and output tokens, as Databricks'
 * own benchmark does.
 */
export function provisionedShare(view: CellView, provisioned: Provisioned | null): GuidanceItem | null {
  const points = believed(view);
  if (!provisioned || points.length === 0) return null;
  const title = 'The provisioned throughput';
  const [best] = points
    .flatMap(({ level, totalTokensPerSecond: { value }, throughputIsLowerBound }) =>
      value === null ? [] : [{ level, value, least: throughputIsLowerBound ? 'at least ' : '' }],
    )
    .sort((a, b) => b.value - a.value || a.level - b.level);
  const given = `The endpoint is said to be provisioned for ${provisionedText(provisioned)}`;
  if (best === undefined) {
    return {
      title,
      text: `${given}; what it reached is not known, for tokens were not counted.`,
      levels: [],
      short: true,
    };
  }
  const { level, value, least } = best;
  const reached = `${least}${figure(value)} input and output tokens/s at ${parallelRequests(level)}`;
  return {
    title,
    text: `${given}. At best it gave ${reached}, ${least}${percent(value / provisioned.max)} of ${provisioned.min === null ? 'that' : 'the maximum'}${rising(view)}. Input and output are counted together, as in Databricks’ own benchmark; other lengths reach other shares.`,
    levels: [level],
    short: true,
  };
}

function rising({ curve }: CellView): string {
  return curve?.knee.reason === 'still_rising' ? ', and was still rising' : '';
}
