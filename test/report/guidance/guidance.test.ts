import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Distribution, Point } from '../../../lib/curve/point.ts';
import { guidanceOf, suspectNote } from '../../../lib/report/guidance/guidance.ts';
import type { Report } from '../../../lib/report/report.ts';
import { judged, sampleReport, withLevel } from '../sample-report.ts';
import { variants } from '../variants.ts';
import { sample } from './view-of.ts';

const wordsOf = (report: Report) =>
  guidanceOf(report)
    .flatMap((group) => [...group.items.map(({ title, text }) => `${title}: ${text}`), suspectNote(group) ?? ''])
    .join('\n');

/** A level that is void and would be the best in everything. */
function voided(point: Point): Point {
  const tiny = (times: Distribution): Distribution => ({ ...times, p50: 0.000123, p95: 0.000123 });
  const huge = { value: 123_456_789, ci: [null, null] } as const;
  return judged(
    {
      ...point,
      ttftMs: tiny(point.ttftMs),
      tpotMs: tiny(point.tpotMs),
      latencyMs: tiny(point.latencyMs),
      tokensPerSecondPerUser: { ...point.tokensPerSecondPerUser, p50: 123_456_789 },
      outputTokensPerSecond: huge,
      totalTokensPerSecond: huge,
    },
    'void',
    [{ name: 'errors', state: 'void', measured: 0.9, limit: 0.5 }],
  );
}

describe('guidance', () => {
  it('never uses a void level, whichever they are', () => {
    const levels = [1, 2, 4, 8, 16, 32, 64];
    fc.assert(
      fc.property(fc.subarray(levels, { minLength: 1 }), (chosen) => {
        const report = chosen.reduce((changed, level) => withLevel(changed, level, voided), sampleReport());
        const groups = guidanceOf(report);
        const told = groups.flatMap(({ items }) => items.flatMap((item) => item.levels));
        assert.deepEqual(
          told.filter((level) => chosen.includes(level)),
          [],
        );
        assert.doesNotMatch(wordsOf(report), /000123|123,456/);
        assert.equal(groups.length, chosen.length === levels.length ? 0 : 1);
      }),
    );
  });

  for (const name of Object.keys(variants)) {
    it(`is whole sentences about figures that are there, at most ten things at once: ${name}`, () => {
      for (const group of guidanceOf(sample(name))) {
        assert.ok(group.items.length <= 8);
        for (const { title, text } of group.items) {
          assert.doesNotMatch(`${title} ${text}`, /NaN|Infinity|null|undefined|n\/a|\d-e|: \.|\.\.|, ,| {2}/);
          assert.match(text, /^[A-Z\d].*\.$/);
        }
      }
    });
  }

  it('says which of the levels told are suspect', () => {
    assert.match(wordsOf(sample('troubled')), /levels? .*32 with care: the measurement is suspect there/);
    assert.doesNotMatch(wordsOf(sample('done')), /suspect/);
  });

  it('has nothing to say without a level that can be believed', () => {
    for (const name of ['all-failed', 'one-request', 'empty', 'probe-failed', 'just-started'])
      assert.deepEqual(guidanceOf(sample(name)), [], name);
  });

  it('tells of the lengths first, then cell by cell', () => {
    assert.deepEqual(
      guidanceOf(sample('lengths')).map(({ heading }) => heading),
      [
        'Between the lengths',
        '512 tokens in, 64 out',
        '512 tokens in, 256 out',
        '4,096 tokens in, 64 out',
        '4,096 tokens in, 256 out',
      ],
    );
    assert.deepEqual(
      guidanceOf(sample('done')).map(({ heading }) => heading),
      [null],
    );
  });

  it('stands in a report of a sweep from before endpoints could be said to be provisioned', () => {
    const report = sampleReport();
    const { provisionedTokensPerSecond: _, ...target } = report.spec.target;
    const older = { ...report, spec: { ...report.spec, target } } as Report;
    assert.equal(wordsOf(older), wordsOf(report));
  });
});
