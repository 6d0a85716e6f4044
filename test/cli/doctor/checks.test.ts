import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CheckState, checksOf, worstOf } from '../../../lib/cli/doctor/checks.ts';
import { doctorText } from '../../../lib/cli/doctor/doctor-text.ts';
import type { MachineFacts } from '../../../lib/cli/doctor/machine-facts.ts';

const good: MachineFacts = {
  streams: 32,
  cores: 4,
  loadPerMinute: 0.4,
  cpuLimit: { cpus: null, throttledShare: null },
  openFiles: 65_536,
  proxies: [],
  clock: { overMs: 1000, driftMs: 0.1, jumpMs: 1, stepUs: 1 },
  idleDelayMs: { p99: 0.8, max: 2 },
  nodeVersion: '24.21.0',
  folder: { path: 'results', freeBytes: 50 * 2 ** 30, refusal: null },
};
const clock = (change: Partial<MachineFacts['clock']>) => ({ clock: { ...good.clock, ...change } });
const folder = (change: Partial<MachineFacts['folder']>) => ({ folder: { ...good.folder, ...change } });
const limit = (cpus: number, throttledShare: number | null = null) => ({ cpuLimit: { cpus, throttledShare } });

const cases: readonly (readonly [
  name: string,
  state: CheckState,
  facts: Partial<MachineFacts>,
  says: RegExp,
  why: string,
])[] = [
  ['Cores', 'ok', { cores: 2 }, /2 cores, enough for 32/, 'one to stamp, one for the rest'],
  ['Cores', 'warn', { cores: 1 }, /1 core: .*two cores or more/, 'nothing can run beside the stamping'],
  ['Cores', 'warn', { cores: 2, streams: 33 }, /take 2 workers.*Stay at 32 streams/, 'a second worker has no core'],
  ['Load', 'ok', { loadPerMinute: 1.9 }, /1\.90 processes/, 'half the cores are free'],
  ['Load', 'warn', { loadPerMinute: 2 }, /End what else runs/, 'workers may have to wait'],
  ['Load', 'bad', { loadPerMinute: 4 }, /for 4 cores/, 'workers have to wait'],
  ['Load', 'ok', { loadPerMinute: null }, /does not say/, 'Windows knows no such mean'],
  ['CPU limit', 'ok', { cpuLimit: null }, /control groups/, 'not Linux'],
  ['CPU limit', 'ok', limit(2), /enough for 32 streams/, 'a worker and the rest'],
  ['CPU limit', 'warn', limit(1.5), /1\.50 cores’ time.*to 2 cores or more/, 'a worker and half the rest'],
  ['CPU limit', 'warn', { ...limit(2), streams: 64 }, /to 3 cores or more/, 'more streams take more'],
  ['CPU limit', 'warn', limit(2, 0.02), /stopped in 2 % of its periods/, 'it has been too little already'],
  ['CPU limit', 'bad', limit(0.5), /stands still/, 'even one thread is stopped in every period'],
  ['Open files', 'ok', { openFiles: 264 }, /At most 264; 32 streams need about 132/, 'twice what is needed'],
  ['Open files', 'warn', { openFiles: 263 }, /ulimit -n 4096/, 'barely enough'],
  ['Open files', 'bad', { openFiles: 1024, streams: 1000 }, /ulimit -n 4400/, 'connections would fail'],
  ['Open files', 'ok', { openFiles: Number.POSITIVE_INFINITY }, /No limit/, 'unlimited'],
  ['Open files', 'ok', { openFiles: null }, /no such limit/, 'Windows has none'],
  [
    'Proxy',
    'warn',
    { proxies: ['HTTPS_PROXY', 'https_proxy'] },
    /HTTPS_PROXY, https_proxy are set, and not used.*paretoken probe/,
    'the user may rely on it',
  ],
  ['Clock', 'warn', clock({ driftMs: -1.2 }), /loses 1\.20 ms a second/, 'an hour loses four seconds'],
  ['Clock', 'warn', clock({ overMs: 500, driftMs: 0.6 }), /gains 1\.20 ms a second/, 'as a rate'],
  ['Clock', 'warn', clock({ jumpMs: 6 }), /jumped by 6\.00 ms/, 'someone sets it'],
  ['Clock', 'bad', clock({ jumpMs: 100 }), /jumped by 100 ms/, 'a stage would be suspect'],
  ['Clock', 'bad', clock({ stepUs: 1000 }), /steps of 1\.00 ms: stamps can be no finer/, 'a coarse clock'],
  ['Clock', 'bad', clock({ stepUs: Number.POSITIVE_INFINITY }), /more than can be seen/, 'it stood still'],
  ['Timers', 'warn', { idleDelayMs: { p99: 5, max: 9 } }, /5\.00 ms late/, 'a stage would be suspect'],
  ['Timers', 'bad', { idleDelayMs: { p99: 50, max: 90 } }, /50\.0 ms late/, 'a stage would be void'],
  ['Timers', 'ok', { idleDelayMs: null }, /Nothing was seen/, 'no figure'],
  ['Node', 'bad', { nodeVersion: '22.9.0' }, /older than 24.*Install Node 24/, 'not tried there'],
  ['Node', 'ok', { nodeVersion: '100.0.0' }, /100\.0\.0/, 'compared as a number'],
  ['Disk', 'warn', folder({ freeBytes: 500 * 2 ** 20 }), /500 MiB free/, 'a long sweep may fill it'],
  ['Disk', 'bad', folder({ freeBytes: 99 * 2 ** 20 }), /99\.0 MiB free.*--out/, 'any sweep may fill it'],
  ['Disk', 'ok', folder({ freeBytes: null }), /does not say/, 'no figure'],
  ['Folder', 'bad', folder({ refusal: 'EACCES: permission denied' }), /results: EACCES.*--out/, 'nothing is kept'],
];

describe('what would spoil a measurement', () => {
  for (const [name, state, facts, says, why] of cases) {
    test(`${name}, ${state}: ${why}`, () => {
      const check = checksOf({ ...good, ...facts }).find((one) => one.name === name);
      assert.equal(check?.state, state, check?.found);
      assert.match(`${check?.found} ${check?.remedy ?? ''}`, says);
      assert.equal(check?.remedy === null, state === 'ok', 'a doubt comes with what to do, and nothing else does');
    });
  }

  test('of a good machine everything is ok, each in a line', () => {
    const checks = checksOf(good);
    assert.deepEqual([...new Set(checks.map(({ state }) => state))], ['ok']);
    const text = doctorText(checks, { width: 120, paint: (_, told) => told });
    assert.equal(text.trim().split('\n').length, checks.length + 2);
    assert.match(text, /\nNothing here would spoil a measurement\..*selftest/);
  });

  test('the verdict names what is worst', () => {
    const told = (facts: Partial<MachineFacts>) =>
      doctorText(checksOf({ ...good, ...facts }), { width: 60, paint: (_, text) => text });
    assert.match(told({ cores: 1, proxies: ['ALL_PROXY'] }), /can measure, but see to: Cores, Proxy\./);
    const bad = told({ cores: 1, nodeVersion: '20.0.0' });
    assert.match(bad, /would spoil a measurement\. Mend first:\s+Node\./);
    assert.ok(
      bad.split('\n').every((line) => line.length <= 60),
      bad,
    );
    assert.equal(worstOf(checksOf({ ...good, cores: 1, nodeVersion: '20.0.0' })), 'bad');
  });
});
