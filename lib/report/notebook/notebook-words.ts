import type { Report } from '../report.ts';
import type { NotebookTable } from './notebook-rows.ts';

/** Why the notebook's figures are not Paretoken's, in sentences for people. */
export function notebookWords({ spec }: Report): readonly string[] {
  const requests = spec.load.notebook?.requestsPerStream ?? 0;
  return [
    'The notebook does not stream. Its TTFT is the whole time of an answer of one token, with the way there and back and all that ends an answer; Paretoken’s is the moment at which the first token of a whole answer came.',
    'An answer of one token frees its place at the endpoint at once. Where whole answers have to wait for a place, Paretoken’s TTFT shows it and the notebook’s does not.',
    'Its TPOT is the difference of two medians over the difference of their tokens, so that the noise of both is in it.',
    `Its throughput is worked out from the median of ${requests} ${requests === 1 ? 'request' : 'requests'} a stream, as if every stream went at that pace all the time, without a warm-up; Paretoken’s is the tokens that came within a window in which the load was held. Both count input and output tokens here.`,
  ];
}

/** What of the notebook's figures to believe less; null when there is nothing to say. */
export function fewAnswers(tables: readonly NotebookTable[]): string | null {
  const most = Math.max(
    0,
    ...tables.flatMap(({ levels }) => levels.flatMap(({ figures }) => figures.passes.map(({ ok }) => ok))),
  );
  if (most === 0 || most >= 100) return null;
  return 'Its figures rest on few answers and have no interval.';
}
