/** The share of CPU time that a container or a service may have. */
export interface CpuLimit {
  /** Cores' worth of time; null without a limit. */
  readonly cpus: number | null;
  /** Of the periods so far in which it ran, those in which it was stopped for having used its time up; null before any. */
  readonly throttledShare: number | null;
}

const root = '/sys/fs/cgroup';

/**
 * The strictest limit among the control groups of this process and those around it, by cpu.max of version 2 or
 * cpu.cfs_quota_us of version 1 (Linux: Documentation/admin-guide/cgroup-v2.rst, scheduler/sched-bwc.rst). Null where the
 * system has none.
 * @param read the text of a file, null where there is none
 */
export function cpuLimit(read: (path: string) => string | null): CpuLimit | null {
  const groups = read('/proc/self/cgroup')?.trim().split('\n').flatMap(foldersOf);
  if (groups === undefined) return null;
  const cpus = groups.flatMap((folder) => limitOf(folder, read) ?? []);
  const shares = groups.flatMap((folder) => throttledOf(folder, read) ?? []);
  return {
    cpus: cpus.length === 0 ? null : Math.min(...cpus),
    throttledShare: shares.length === 0 ? null : Math.max(...shares),
  };
}

/** `0::/a/b` → the folders of a/b, a and all; `1:cpu,cpuacct:/a` → those below cpu. */
function foldersOf(line: string): string[] {
  const [, id, controllers = '', path = '/'] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
  const isUnified = id === '0' && controllers === '';
  if (!isUnified && !controllers.split(',').includes('cpu')) return [];
  const base = isUnified ? root : `${root}/cpu`;
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return [...names.keys(), names.length].map((count) => [base, ...names.slice(0, count)].join('/'));
}

function limitOf(folder: string, read: (path: string) => string | null): number | null {
  const both = read(`${folder}/cpu.max`)?.trim().split(' ');
  const [quota, period] = both ?? [read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`)];
  const cpus = Number(quota ?? Number.NaN) / Number(period ?? Number.NaN);
  return cpus > 0 ? cpus : null;
}

function throttledOf(folder: string, read: (path: string) => string | null): number | null {
  const stat = read(`${folder}/cpu.stat`) ?? '';
  const of = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? Number.NaN);
  const share = of('nr_throttled') / of('nr_periods');
  return Number.isFinite(share) ? share : null;
}
