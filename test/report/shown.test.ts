import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from '../../lib/report/columns.ts';
import { shownPercentile, shownRate, shownWithFailures } from '../../lib/report/shown.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

const pointOf = (name: string, index = 0) => {
  const point = (variants[name]?.() ?? sampleReport()).points.at(index);
  if (!point) throw new Error(`${name} has no such point`);
  return point;
};

test('a percentile with too few samples is told apart from one that is undefined', () => {
  assert.deepEqual(shownPercentile(pointOf('done'), 'latencyMs', 'p99'), {
    text: 'few',
    why: 'too few samples: p99 needs 500, there were 120',
    interval: null,
  });
  assert.deepEqual(shownPercentile(pointOf('not-streamed'), 'ttftMs', 'p50'), {
    text: '–',
    why: 'the answers were not streamed, or came all at once',
    interval: null,
  });
});

test('what is undefined is never shown as a number', () => {
  for (const name of ['all-failed', 'not-streamed', 'unknown-tokens', 'slo-undecided', 'goodput']) {
    const point = pointOf(name);
    for (const { id, show } of columnsOf([point])) {
      const { text, why } = show(point);
      assert.doesNotMatch(text, /NaN|null|undefined|Infinity/, `${name} ${id}`);
      assert.equal(why !== null, ['–', 'few', 'not reached'].includes(text), `${name} ${id}: ${text}`);
    }
  }
  assert.equal(shownRate(pointOf('all-failed'), 'outputTokensPerSecond').why, 'no answer ended ok');
  assert.equal(
    shownRate(pointOf('unknown-tokens'), 'outputTokensPerSecond').why,
    'the endpoint sent no count of tokens',
  );
});

test('throughput of which tokens are missing is a lower bound', () => {
  assert.equal(shownRate(pointOf('troubled', -1), 'outputTokensPerSecond').text, '≥ 2,374');
  assert.equal(shownRate(pointOf('troubled', -1), 'requestsPerSecond').text, '9.27');
});

test('a percentile among the failures is not reached', () => {
  assert.equal(shownWithFailures('not_reached', 'p99').text, 'not reached');
  assert.equal(shownWithFailures(1500, 'p50', 1000).text, '1.50');
  assert.equal(shownWithFailures(null, 'p95').text, 'few');
});
