import { join } from 'node:path';
import { estimator } from '../../lib/cli/progress/estimates.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { exitCodeOf } from '../../lib/report/summary.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { reportKey } from '../../lib/store/key-layout.ts';
import { virtualSweep } from '../sweep/virtual-sweep.ts';

const spec = parseSpec(`
target: {url: http://127.0.0.1:8000/v1, model: my-model}
workload: {inputTokens: 64, outputTokens: 16}
load: {levels: [2], driftCheck: false}
stage: {warmUp: 1s, measure: 10s}
`);

/** What `paretoken run --json` prints of a small sweep: of each kind of line the last, as blocks for the docs. */
export async function jsonEvents(): Promise<string> {
  const { events, report } = await virtualSweep({ spec, mock: { model: smallServer, seed: 1 } });
  const path = join('results', reportKey(report.sweepId, 'report.html'));
  const estimateAfter = estimator();
  const told = events.flatMap((event) => [event, estimateAfter(event)].filter((line) => line !== null));
  const lines = [...told, { kind: 'report', path, exitCode: exitCodeOf(report) }];
  const kinds = [...new Set(lines.map(({ kind }) => kind))];
  const shown = kinds.map((kind) => lines.findLast((line) => line.kind === kind));
  return ['```json', ...shown.map((line) => JSON.stringify(line)), '```'].join('\n');
}
