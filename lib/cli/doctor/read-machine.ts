import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from '../../timing/clock.ts';
import { threadHealthMonitor } from '../../worker/health.ts';
import { environmentVariable } from '../environment.ts';
import { cpuLimit } from './cpu-limit.ts';
import type { FolderFacts, MachineFacts } from './machine-facts.ts';
import { watchClock } from './watch-clock.ts';

export interface MachineToRead {
  readonly streams: number;
  /** The results folder. */
  readonly folder: string;
  readonly clock: Clock;
}

const watchMs = 1000;

/** Reads what this machine says of itself and watches its clocks and its idle thread for a second; leaves nothing behind. */
export async function readMachine({ streams, folder, clock }: MachineToRead): Promise<MachineFacts> {
  const folderFacts = await readFolder(folder);
  const openFiles = openFileLimit();
  const health = threadHealthMonitor();
  health.start();
  const watch = await watchClock(clock, watchMs);
  return {
    streams,
    cores: availableParallelism(),
    loadPerMinute: process.platform === 'win32' ? null : (loadavg()[0] ?? null),
    cpuLimit: cpuLimit(textOf),
    openFiles,
    proxies: proxyVariables.filter((name) => environmentVariable(name) !== null),
    clock: watch,
    idleDelayMs: health.stop().eventLoopDelayMs,
    nodeVersion: process.versions.node,
    folder: folderFacts,
  };
}

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Node has raised the soft limit to the hard one as it began: this is what counts. */
function openFileLimit(): number | null {
  // Looking up the names of network addresses can take seconds.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
  };
  const soft = userLimits?.open_files?.soft;
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Of a folder that is not there, the nearest around it counts: it would be made there. */
export async function readFolder(folder: string): Promise<FolderFacts> {
  let place = resolve(folder);
  while (!isThere(place) && dirname(place) !== place) place = dirname(place);
  const free = await statfs(place).catch(() => null);
  return {
    path: folder,
    freeBytes: free === null ? null : free.bavail * free.bsize,
    refusal: await refusalOf(place),
  };
}

/** A link that leads nowhere is there too: nothing can be made in its place. */
function isThere(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function refusalOf(place: string): Promise<string | null> {
  try {
    const made = await mkdtemp(join(place, '.paretoken-doctor-'));
    await writeFile(join(made, 'written'), 'written').finally(() => rm(made, { recursive: true, force: true }));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.split(',')[0] || error.message : String(error);
  }
}
