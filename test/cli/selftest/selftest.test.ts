import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Accuracy } from '../../../lib/cli/selftest/accuracy.ts';
import type { AccuracyVerdict } from '../../../lib/cli/selftest/accuracy-verdict.ts';
import { countsUpTo } from '../../../lib/cli/selftest/selftest-command.ts';
import { inEmptyFolder, paretoken, type Ran, type RunOptions } from '../command-line.ts';

/** Runs a self-test with a folder of its own for temporary files, and sees to it that it leaves nothing behind. */
const selftest = (args: readonly string[], options: Pick<RunOptions, 'onOutput'> = {}): Promise<Ran> =>
  inEmptyFolder(async (cwd) => {
    const temporary = join(cwd, 'tmp');
    await mkdir(temporary);
    const ran = await paretoken(['selftest', ...args], { cwd, env: { TMPDIR: temporary }, ...options });
    assert.deepEqual(await readdir(cwd), ['tmp']);
    const left = (await readdir(temporary)).filter((name) => name.startsWith('paretoken'));
    assert.deepEqual(left, [], 'nothing is left behind');
    return ran;
  });

describe('paretoken selftest, as a process of its own', () => {
  test('with --json: every token of every count compared, no stamp before the mock’s send', async () => {
    const { code, stdout, stderr } = await selftest(['--streams', '2', '--seconds', '1', '--json']);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    const told = JSON.parse(stdout) as { counts: Accuracy[]; verdict: AccuracyVerdict; exitCode: number };
    assert.deepEqual(
      told.counts.map(({ streams }) => streams),
      [1, 2],
    );
    for (const { requests, lost, tokenErrorMs, ttftErrorMs, cpuUsPerToken, mockGapMs } of told.counts) {
      assert.equal(lost, 0);
      assert.equal(tokenErrorMs.samples, requests * 25);
      assert.equal(ttftErrorMs.samples, requests);
      const { least, p50, most } = tokenErrorMs;
      assert.ok(least !== null && p50 !== null && most !== null && 0 <= least && least <= p50 && p50 <= most);
      assert.ok(p50 < 25, `on loopback half of the tokens are stamped within 25 ms, not ${p50}`);
      assert.ok(cpuUsPerToken !== null && cpuUsPerToken > 0);
      assert.ok(mockGapMs !== null && mockGapMs > 10 && mockGapMs < 40, `a token each 20 ms, not ${mockGapMs}`);
    }
    const { addsMs, trustAboveMs } = told.verdict;
    assert.ok(trustAboveMs >= 2 * (addsMs.p99 ?? addsMs.most));
    assert.equal(told.exitCode, 0);
  });

  test('in words: progress while it lasts, a line a count, the verdict last', async () => {
    const { code, stdout, stderr } = await selftest(['--streams', '1', '--seconds', '1']);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '1 stream (1 of 1) …\n');
    assert.match(stdout, /^ +token stamps late by, ms[\s\S]*\n +1 +[\d.]+ +≤ [\d.]+/);
    assert.match(
      stdout.replaceAll('\n', ' '),
      /At 1 stream this client adds p50 [\d.]+ ms, at most [\d.]+ ms .* trust differences above [\d.]+ ms\. $/,
    );
  });

  test('Ctrl-C ends it soon, exit 130, nothing left behind', async () => {
    let sent = false;
    const { code, stdout, stderr } = await selftest(['--streams', '1', '--seconds', '60'], {
      onOutput(text, kill) {
        if (sent || !text.includes('1 stream')) return;
        sent = true;
        setTimeout(() => kill('SIGINT'), 500);
      },
    });
    assert.deepEqual([code, stdout], [130, '']);
    assert.match(stderr, /Stopped\.\n$/);
  });
});

for (const [highest, counts] of [
  [64, [1, 16, 64]],
  [1, [1]],
  [2, [1, 2]],
  [16, [1, 16]],
  [200, [1, 16, 64, 200]],
] as const) {
  test(`up to ${highest} streams: ${counts.join(', ')}`, () => assert.deepEqual(countsUpTo(highest), counts));
}
