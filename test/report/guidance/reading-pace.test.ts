import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readingPace } from '../../../lib/report/guidance/reading-pace.ts';
import { judged, withLevel } from '../sample-report.ts';
import { sample, textOf, viewOf, withAll } from './view-of.ts';

/** The sample sweep in which a user gets so many tokens a second at level 1, at 2 half as many, and so on. */
const paced = (tokensPerSecond: number) =>
  withAll((point) => ({
    ...point,
    tokensPerSecondPerUser: { ...point.tokensPerSecondPerUser, p50: tokensPerSecond / point.level },
  }));
const textFor = (report: Parameters<typeof viewOf>[0]) => textOf(readingPace(viewOf(report))) ?? '';

describe('the pace for a reader: tokens/s per user × 60 × 0.75', () => {
  it('in words a minute at the lowest level and at the answer’s, the assumption named', () => {
    const text = textFor(sample('done'));
    assert.match(text, /203 tokens\/s \(p50\) at 1 parallel request and by 76\.5 at 32: about 9,100 and 3,400 words/);
    assert.match(text, /at 0\.75 English words a token/);
    assert.match(text, /People read 200 to 300: at every level measured text comes faster than it is read\./);
  });

  const cases: { why: string; tokensPerSecond: number; says: RegExp }[] = [
    {
      why: '20 ÷ 4 tokens/s are 225 words a minute',
      tokensPerSecond: 20,
      says: /up to 2 parallel requests text comes faster; at 4 it is 230, about as fast as they read\./,
    },
    {
      why: '8 ÷ 2 tokens/s are 180',
      tokensPerSecond: 8,
      says: /up to 1 parallel request text comes faster; at 2 it is 180, slower than most read\./,
    },
    { why: 'never faster', tokensPerSecond: 5, says: /: at 1 parallel request text comes at 230, about as fast/ },
    { why: 'exactly 300 is not slower', tokensPerSecond: 300 / 45, says: /up to 1 parallel request text comes faster/ },
  ];
  for (const { why, tokensPerSecond, says } of cases) {
    it(`up to which level it is faster than reading: ${why}`, () =>
      assert.match(textFor(paced(tokensPerSecond)), says));
  }

  it('a void level that would be slow is no level measured', () => {
    const report = withLevel(sample('done'), 64, (point) =>
      judged({ ...point, tokensPerSecondPerUser: { ...point.tokensPerSecondPerUser, p50: 1 } }, 'void', []),
    );
    assert.match(textFor(report), /at every level that can be believed text comes faster/);
  });

  it('in batch it is the level of the highest throughput that counts', () => {
    assert.match(textFor(sample('done')), /only output tokens\/s count: the most at 64 parallel requests\.$/);
    assert.doesNotMatch(textFor(sample('unknown-tokens')), /batch/);
  });

  it('says why the pace is not known', () => {
    assert.match(textFor(sample('not-streamed')), /^How fast text reaches a reader is not known: the answers were not/);
  });
});
