import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { steadyServer } from '../worker/run-virtually.ts';
import { virtualSweep } from './virtual-sweep.ts';

const mock = { model: { ...steadyServer, slots: 64 }, seed: 1 };
const specOf = (provisioned: string) =>
  parseSpec(`target: {url: http://mock/v1, model: mock${provisioned}}
workload: {inputTokens: 64, outputTokens: 16}
load: {levels: [4], driftCheck: false}
stage: {warmUp: 500ms, measure: 4s, drain: 5s}
`);

test('what an endpoint is provisioned for changes nothing that is sent or measured, only what is told', async () => {
  const plain = await virtualSweep({ spec: specOf(''), mock });
  const told = await virtualSweep({ spec: specOf(', provisionedTokensPerSecond: {min: 0, max: 10000}'), mock });
  assert.deepEqual(told.journal, plain.journal);
  assert.deepEqual(told.report.points, plain.report.points);
  const [point] = told.report.points;
  const share = Math.round(((point?.totalTokensPerSecond.value ?? 0) / 10_000) * 100);
  assert.match(
    reportMarkdown(told.report),
    new RegExp(`provisioned for 0 to 10,000 tokens/s\\. .* ${share}(\\.\\d)? % of`),
  );
  assert.doesNotMatch(reportMarkdown(plain.report), /provisioned/i);
});
