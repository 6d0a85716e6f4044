import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Output, watchSweep } from '../../../lib/cli/progress/sweep-display.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { virtualClock } from '../../timing/virtual-clock.ts';
import { steadySweep } from './steady-sweep.ts';

interface Stage {
  readonly terminal: boolean;
  readonly output: Output;
  readonly CI?: string;
  readonly TERM?: string;
  readonly columns?: number;
}

/** What goes to stderr while a sweep stands in its first level. */
async function shown(t: TestContext, { terminal, output, CI = '', TERM = 'xterm', columns }: Stage) {
  const { stderr, stdout, env } = process;
  const told: string[] = [];
  const before = { isTTY: stderr.isTTY, columns: stderr.columns, CI: env['CI'], TERM: env['TERM'] };
  const write = t.mock.method(stderr, 'write', (text: string | Uint8Array) => told.push(String(text)) > 0);
  const say = stdout.write.bind(stdout);
  // Only the events are kept back: the test itself reports on stdout too.
  const quiet = t.mock.method(stdout, 'write', (text: string) => String(text).startsWith('{"kind":') || say(text));
  Object.assign(stderr, { isTTY: terminal, columns });
  Object.assign(env, { CI, TERM });
  try {
    const clock = virtualClock();
    const display = watchSweep({ store: memoryStore(), clock, output, sweepId: 'test' });
    for (const event of steadySweep().slice(0, 6)) display.observe(event);
    await clock.advanceTo(clock.nowUs() + 1_000_000);
    display.close();
  } finally {
    write.mock.restore();
    quiet.mock.restore();
    Object.assign(stderr, { isTTY: before.isTTY, columns: before.columns });
    for (const name of ['CI', 'TERM'] as const) {
      if (before[name] === undefined) delete env[name];
      else env[name] = before[name];
    }
  }
  return told.join('');
}

describe('the chart and the time left live', () => {
  const cases: readonly (readonly [why: string, stage: Stage, lives: boolean])[] = [
    ['on a terminal', { terminal: true, output: 'progress' }, true],
    ['where CI is said not to be', { terminal: true, output: 'progress', CI: 'false' }, true],
    ['not in a pipe', { terminal: false, output: 'progress' }, false],
    ['not in CI, though it has a terminal', { terminal: true, output: 'progress', CI: 'true' }, false],
    ['not on a terminal that can do nothing', { terminal: true, output: 'progress', TERM: 'dumb' }, false],
    ['not with --json', { terminal: true, output: 'json' }, false],
    ['not with --quiet', { terminal: true, output: 'quiet' }, false],
  ];
  for (const [why, stage, lives] of cases) {
    test(why, async (t) => {
      const told = await shown(t, stage);
      assert.equal(/tok\/s {2}██ … {2}· {3}most 10 at 1\n {7}1 {2}4 {2}16 {2}about .* left/.test(told), lives, told);
      if (lives) assert.doesNotMatch(told, /Level 4 \(2 of 3\) …/);
      else assert.equal(/Level 4 \(2 of 3\) … warm-up 2s/.test(told), stage.output === 'progress', told);
    });
  }
});

test('what stays on a terminal is broken at words, within its width; elsewhere a line is a line', async (t) => {
  const narrow = (await shown(t, { terminal: true, output: 'progress', columns: 50 })).split('\n');
  const at = narrow.findIndex((line) => line.includes('Estimate before the probe'));
  assert.match(narrow[at + 1] ?? '', /^ {2}\S/);
  const piped = await shown(t, { terminal: false, output: 'progress', columns: 50 });
  assert.match(piped, /^Estimate before the probe: .* out$/m);
});
