import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFaultShares, drawFaults, type FaultShare, parseFaultHeader } from '../../lib/mock/fault-choice.ts';

test('a fault befalls its share of the requests, by itself, the same ones for the same seed', () => {
  const shares: FaultShare[] = [
    { kind: 'throttled', share: 0.2, amount: 3 },
    { kind: 'comments', share: 0.5 },
    { kind: 'connection_close', share: 1 },
  ];
  const draw = (seed: number) => Array.from({ length: 5000 }, (_, i) => drawFaults(shares, seed, `request-${i}`));
  const drawn = draw(1);
  const shareOf = (...kinds: string[]) =>
    drawn.filter((faults) => kinds.every((kind) => faults.some((fault) => fault.kind === kind))).length / 5000;
  assert.ok(Math.abs(shareOf('throttled') - 0.2) < 0.02);
  assert.ok(Math.abs(shareOf('comments') - 0.5) < 0.02);
  assert.ok(Math.abs(shareOf('throttled', 'comments') - 0.1) < 0.02);
  assert.equal(shareOf('connection_close'), 1);
  assert.deepEqual(draw(1), drawn);
  assert.notDeepEqual(draw(2), drawn);
  assert.ok(drawn.flat().every(({ kind, amount }) => amount === (kind === 'throttled' ? 3 : null)));
});

test('a header names faults, with numbers where they take one', () => {
  assert.deepEqual(parseFaultHeader('truncated=3, no_done'), [
    { kind: 'truncated', amount: 3 },
    { kind: 'no_done', amount: null },
  ]);
  const rows: [string, RegExp][] = [
    ['nonsense', /no fault "nonsense"; there are throttled, /],
    ['', /no fault ""/],
    ['constructor', /no fault "constructor"/],
    ['html=3', /html takes no number/],
    ['stall=', /number of stall must be a whole number/],
    ['stall=-1', /whole number/],
  ];
  for (const [text, problem] of rows) {
    const parsed = parseFaultHeader(text);
    assert.ok('problem' in parsed, text);
    assert.match(parsed.problem, problem);
  }
});

test('shares that make no sense are refused by name', () => {
  const check = (...shares: FaultShare[]) => checkFaultShares(shares);
  assert.throws(() => check({ kind: 'html', share: 1.5 }), /share of html must be above 0/);
  assert.throws(() => check({ kind: 'html', share: 0 }), RangeError);
  assert.throws(() => check({ kind: 'html', share: 1, amount: 3 }), /html takes no number/);
  assert.throws(() => check({ kind: 'nonsense' as 'html', share: 1 }), /no fault "nonsense"/);
  check({ kind: 'stall', share: 1, amount: 0 });
});
