import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Point } from '../../../lib/curve/point.ts';
import { smallServer } from '../../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../../lib/mock/server.ts';
import { seededRandom } from '../../../lib/plan/seeded-random.ts';
import { systemClock } from '../../../lib/timing/clock.ts';
import { inEmptyFolder, paretoken } from '../command-line.ts';
import { assertFinished, assertReadable, beginSweep, pointsOf, reportOfCutOff, resumeSweep } from './killed-sweep.ts';

describe('a real sweep', () => {
  let server: MockServer;
  before(async () => {
    server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1 });
  });
  after(() => server.close());

  test('killed three times at random moments: all that was stored is readable, report says what is missing, resume ends it', () =>
    inEmptyFolder(async (cwd) => {
      const sweep = { cwd, url: server.url, levels: [1, 2] };
      const random = seededRandom('kill', process.pid);
      const blow = () => ({ killAfterMs: 400 + Math.floor(2000 * random()) });
      const whole: Point[] = [];
      let ended = await beginSweep(sweep, { killAfterMs: 2000 + Math.floor(2000 * random()) });
      for (let kill = 1; ended === 'killed'; kill++) {
        await assertReadable(sweep);
        await reportOfCutOff(sweep);
        whole.push(...(await pointsOf(sweep)));
        ended = await resumeSweep(sweep, kill < 3 ? blow() : null);
      }
      await assertFinished(sweep, whole);
    }));

  test('Ctrl-C twice: the process leaves at once with 130', () =>
    inEmptyFolder(async (cwd) => {
      let signals = 0;
      let secondAtMs = 0;
      const args = ['run', '--url', server.url, '--levels', '1', '--measure', '30s', '--warm-up', '10s'];
      const { code, stdout } = await paretoken(args, {
        cwd,
        onOutput(text, kill) {
          const wanted = text.includes('Ctrl-C again leaves at once') ? 2 : text.includes('Level 1 (1 of 1) …') ? 1 : 0;
          if (signals >= wanted) return;
          signals += 1;
          secondAtMs = performance.now();
          kill('SIGINT');
        },
      });
      assert.equal(code, 130);
      assert.equal(signals, 2);
      assert.ok(performance.now() - secondAtMs < 1000, 'it has not waited for the workers');
      assert.equal(stdout, '', 'no report was drawn');
    }));
});
