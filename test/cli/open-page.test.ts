import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPage } from '../../lib/cli/open-page.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { virtualClock } from '../timing/virtual-clock.ts';

describe('a page is taken for opened', () => {
  const cases: readonly [why: string, script: string, opened: boolean][] = [
    ['when the opener ends well', 'process.exit(0)', true],
    ['not when it fails, as without a browser', 'process.exit(3)', false],
  ];
  for (const [why, script, opened] of cases) {
    test(why, async () => {
      assert.equal(await openPage('page.html', systemClock(), [process.execPath, '-e', script]), opened);
    });
  }
  test('not when there is no opener', async () => {
    assert.equal(await openPage('page.html', systemClock(), ['/no/such/opener']), false);
  });
  test('when the opener goes on, as a browser does', async () => {
    const clock = virtualClock();
    const opened = openPage('page.html', clock, [process.execPath, '-e', 'setTimeout(() => undefined, 300)']);
    await clock.advanceTo(clock.nowUs() + 1_000_000);
    assert.equal(await opened, true);
  });
});
