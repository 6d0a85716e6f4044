import type { PassFigures } from '../plan/notebook.ts';
import { isParity } from '../plan/pass.ts';
import { median } from './quantile.ts';
import type { Run } from './run.ts';

/**
 * What a pass of Databricks' notebook came to: the R-7 median of end − sent over its ok answers, from one answer up, and the
 * means of their usage; null of any other stage.
 */
export function notebookPassOf({ stage, cohort, columns }: Run): PassFigures | null {
  const { pass } = stage;
  if (!isParity(pass)) return null;
  return {
    pass,
    requests: cohort.requests,
    ok: cohort.ok,
    medianMs: median(answerTimesMs(columns)),
    meanInputTokens: cohort.meanInputTokens,
    meanOutputTokens: cohort.meanOutputTokens,
    messages: cohort.messages,
  };
}

function answerTimesMs({ rows, phase, outcome, sentUs, endUs }: Run['columns']): Float64Array {
  const times = new Float64Array(rows);
  let answers = 0;
  for (let row = 0; row < rows; row++) {
    const ms = ((endUs[row] ?? Number.NaN) - (sentUs[row] ?? Number.NaN)) / 1000;
    if (phase[row] === 'cohort' && outcome[row] === 'ok' && !Number.isNaN(ms)) times[answers++] = ms;
  }
  return times.subarray(0, answers);
}
