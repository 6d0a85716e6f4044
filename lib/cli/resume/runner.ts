import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { getJson, jsonText } from '../../store/json.ts';
import { runnerKey, runnersPrefix } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';

/** A process that runs, or ran, a sweep from a machine: `paretoken.runner.v1`. */
export interface Runner {
  readonly schema: 'paretoken.runner.v1';
  readonly pid: number;
  readonly host: string;
  /** Tells it from a later process of the same number; null where the system does not say. */
  readonly born: string | null;
}

/** The newest process of a sweep. */
export interface LastRunner {
  readonly runner: Runner;
  /** How many there were, this one included. */
  readonly life: number;
  /** Where it is written down. */
  readonly key: string;
  /** `elsewhere`: of another machine, and not to be seen from here. */
  readonly state: 'running' | 'gone' | 'elsewhere';
}

/** Makes this process the one that runs a sweep, as its `life`-th; false when another one came first. */
export async function becomeRunner(store: Store, sweepId: string, life: number): Promise<boolean> {
  const { pid } = process;
  const runner: Runner = { schema: 'paretoken.runner.v1', pid, host: hostname(), born: bornOf(pid) };
  return (await store.put(runnerKey(sweepId, life), jsonText(runner), { ifAbsent: true })) === 'stored';
}

/** Null where no process has written itself down. */
export async function lastRunner(store: Store, sweepId: string): Promise<LastRunner | null> {
  const keys = await store.list(runnersPrefix(sweepId));
  const key = keys.at(-1);
  const runner = key === undefined ? null : await getJson<Runner>(store, key);
  return key === undefined || runner === null ? null : { runner, key, life: keys.length, state: stateOf(runner) };
}

function stateOf({ pid, host, born }: Runner): LastRunner['state'] {
  if (isThere(pid) && (born === null || born === bornOf(pid))) return 'running';
  return host === hostname() ? 'gone' : 'elsewhere';
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Someone else's process is one.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process was born, in whatever words the system has for it. */
function bornOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') return bornOnLinux(pid);
    if (process.platform === 'win32') return null;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/**
 * The boot, and the ticks since then: field 22 of proc_pid_stat(5), the 20th after the name in brackets, which may hold
 * anything. A dead process that nobody has taken note of (state Z) was not born.
 */
function bornOnLinux(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : `${boot} ${fields[19]}`;
}
