import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CpuLimit, cpuLimit } from '../../../lib/cli/doctor/cpu-limit.ts';

const at = '/sys/fs/cgroup';

const cases: readonly (readonly [why: string, files: Readonly<Record<string, string>>, limit: CpuLimit | null])[] = [
  ['no control groups at all', {}, null],
  [
    'version 2 without a limit',
    { '/proc/self/cgroup': '0::/\n', [`${at}/cpu.max`]: 'max 100000\n' },
    { cpus: null, throttledShare: null },
  ],
  [
    'version 2 in a container, which sees itself as the root',
    {
      '/proc/self/cgroup': '0::/\n',
      [`${at}/cpu.max`]: '150000 100000\n',
      [`${at}/cpu.stat`]: 'usage_usec 5\nnr_periods 200\nnr_throttled 50\nthrottled_usec 9\n',
    },
    { cpus: 1.5, throttledShare: 0.25 },
  ],
  [
    'version 2: the strictest of the groups around counts',
    {
      '/proc/self/cgroup': '0::/user.slice/app.service\n',
      [`${at}/user.slice/cpu.max`]: '50000 100000\n',
      [`${at}/user.slice/app.service/cpu.max`]: '200000 100000\n',
    },
    { cpus: 0.5, throttledShare: null },
  ],
  [
    'version 2 of a group seen from another name space',
    { '/proc/self/cgroup': '0::/../other\n', [`${at}/cpu.max`]: '300000 100000\n' },
    { cpus: 3, throttledShare: null },
  ],
  [
    'version 1',
    {
      '/proc/self/cgroup': '4:memory:/x\n3:cpu,cpuacct:/docker/abc\n0::/\n',
      [`${at}/cpu/docker/abc/cpu.cfs_quota_us`]: '400000\n',
      [`${at}/cpu/docker/abc/cpu.cfs_period_us`]: '100000\n',
      [`${at}/cpu/docker/abc/cpu.stat`]: 'nr_periods 0\nnr_throttled 0\nthrottled_time 0\n',
    },
    { cpus: 4, throttledShare: null },
  ],
  [
    'version 1 without a limit is -1',
    {
      '/proc/self/cgroup': '1:cpu:/\n',
      [`${at}/cpu/cpu.cfs_quota_us`]: '-1\n',
      [`${at}/cpu/cpu.cfs_period_us`]: '100000\n',
    },
    { cpus: null, throttledShare: null },
  ],
];

describe('the limit of CPU time among control groups', () => {
  for (const [why, files, limit] of cases) {
    test(why, () =>
      assert.deepEqual(
        cpuLimit((path) => files[path] ?? null),
        limit,
      ),
    );
  }
});
