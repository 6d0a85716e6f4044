import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stableJson } from '../../lib/report/stable-json.ts';
import { sampleReport } from './sample-report.ts';

test('the same value gives the same bytes however its objects were built, schema first', () => {
  const one = stableJson({ b: [{ y: 1, x: null }], schema: 'v1', a: true });
  const other = stableJson({ a: true, schema: 'v1', b: [{ x: null, y: 1 }] });
  assert.equal(one, other);
  assert.match(one, /^\{\n {2}"schema": "v1",\n {2}"a"/);
});

test('a report comes back as it was', () => {
  const report = sampleReport();
  assert.deepEqual(JSON.parse(stableJson(report)), JSON.parse(JSON.stringify(report)));
});

test('a number that is not finite is refused with its path', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => stableJson({ points: [{ ttftMs: { p50: bad } }] }), {
      name: 'RangeError',
      message: new RegExp(`^\\$\\.points\\[0\\]\\.ttftMs\\.p50 is ${bad}`),
    });
  }
});
