import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeWith, readConditions, reportEvent } from '../../lib/cli/fail-on.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { startMockServer } from '../../lib/mock/server.ts';
import type { FailedCondition } from '../../lib/report/judge-conditions.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder, paretoken } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const failed: FailedCondition = {
  condition: 'errors>0',
  level: 1,
  outcome: 'holds',
  measured: 0.5,
  limit: 0,
  text: 'errors>0 holds',
};

describe('the exit code where a condition fails', () => {
  const cases = [
    { own: 0, failures: [], code: 0, why: 'nothing is wrong' },
    { own: 0, failures: [failed], code: 1, why: 'the sweep went well, its figures did not' },
    { own: 3, failures: [failed], code: 3, why: 'the endpoint was not measured, which says more' },
    { own: 4, failures: [failed], code: 4, why: 'the sweep’s own end says more' },
    { own: 130, failures: [failed], code: 130, why: 'the user stopped it' },
  ];
  for (const { own, failures, code, why } of cases) {
    test(`${own} becomes ${code}: ${why}`, () => assert.equal(codeWith(own, failures), code));
  }
});

test('all conditions that can’t be read are named at once, each with its fault', () => {
  assert.equal(readConditions(['errors>0.5', 'ttft.p95@8>500'])[1]?.level, 8);
  assert.throws(() => readConditions(['ttft>500', 'errors>0.5', 'speed<1']), {
    name: 'RefusedError',
    message:
      /^--fail-on "ttft>500": ttft needs a percentile.*\n {7}--fail-on "speed<1": there is no metric speed.*\nNothing was sent/,
  });
});

test('the last line of --json tells of conditions only where there are some', () => {
  assert.deepEqual(JSON.parse(reportEvent('a', 0, null)), { kind: 'report', path: 'a', exitCode: 0 });
  assert.deepEqual(JSON.parse(reportEvent('a', 1, [failed])).failOn, [failed]);
});

const times = ['--warm-up', '100ms', '--measure', '600ms', '--drain', '1s', '--no-drift-check'];
const short = ['--levels', '1', '--input-tokens', '20', '--output-tokens', '5', ...times];

describe('--fail-on', () => {
  test('run and report exit 1 where one holds; what no sweep could judge is refused, and nothing sent', () =>
    inEmptyFolder(async (cwd) => {
      const model = { ...smallServer, prefillBaseMs: 60, stepBaseMs: 10 };
      const server = await startMockServer({ port: 0, clock: systemClock(), model, seed: 1 });
      const run = ['run', '--url', server.url, '--model', 'mock', ...short, '--quiet', '--fail-on'];

      const refused = await paretokenHere([...run, 'ttft.p50@4>1'], { cwd });
      assert.deepEqual([refused.code, refused.stdout], [2, '']);
      assert.match(refused.stderr, /--fail-on ttft\.p50@4>1: the sweep has no level 4, only 1\nNothing was sent/);
      assert.equal(server.endpoint.journal.entries().length, 0);

      const ran = await paretoken([...run, 'requests@1>0', '--fail-on', 'errors>0.9'], { cwd });
      await server.close();
      // 4 where the machine was so busy that no level could be believed, which is not what this is about.
      if (ran.code === 4) return;
      assert.equal(ran.code, 1, ran.stderr);
      assert.match(
        ran.stderr,
        /^--fail-on: requests@1>0 (holds: requests at level 1 is [\d.]+ requests\/s, limit 0|can't)/,
      );
      assert.match(ran.stdout, /Report: results\/reports\//);

      const again = await paretokenHere(['report', '--fail-on', 'requests@1>0'], { cwd });
      assert.equal(again.code, 1, again.stderr);
    }));

  test('one that can’t be read: exit 2 with what to write', () =>
    inEmptyFolder(async (cwd) => {
      const { code, stderr } = await paretokenHere(['run', '--url', 'http://127.0.0.1:9', '--fail-on', 'ttft>5'], {
        cwd,
      });
      assert.equal(code, 2);
      assert.match(stderr, /--fail-on "ttft>5": ttft needs a percentile, such as ttft\.p95/);
    }));

  test('start without --wait has no report to judge: exit 2', () =>
    inEmptyFolder(async (cwd) => {
      const { code, stderr } = await paretokenHere(['start', 'none.yaml', '--fail-on', 'errors>0'], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /--fail-on judges the report.*add --wait/);
    }));
});
