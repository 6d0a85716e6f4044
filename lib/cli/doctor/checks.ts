import { count, figure, percent } from '../../report/format.ts';
import type { MachineFacts } from './machine-facts.ts';

export type CheckState = 'ok' | 'warn' | 'bad';

/** One thing on a machine that could spoil a measurement. */
export interface MachineCheck {
  readonly name: string;
  readonly state: CheckState;
  /** What was found, in a sentence or two. */
  readonly found: string;
  /** What to do; null where nothing needs to be done. */
  readonly remedy: string | null;
}

/** Judges a machine: `bad` spoils figures or ends a sweep, `warn` may. */
export function checksOf(facts: MachineFacts): readonly MachineCheck[] {
  return [cores, load, cpuTime, openFiles, proxy, clock, idle, node, disk, folder].map((check) => check(facts));
}

/** The worst of all checks. */
export function worstOf(checks: readonly MachineCheck[]): CheckState {
  return (['bad', 'warn'] as const).find((state) => checks.some((check) => check.state === state)) ?? 'ok';
}

const fine = (name: string, found: string): MachineCheck => ({ name, state: 'ok', found, remedy: null });

/** What one thread stamps well: the default of fleet.streamsPerWorker. */
const streamsPerWorker = 32;

function cores({ cores: has, streams }: MachineFacts): MachineCheck {
  const name = 'Cores';
  const told = has === 1 ? '1 core' : `${count(has)} cores`;
  if (has === 1) {
    const found = '1 core: stamping and everything else take turns on it, so stamps come late.';
    return { name, state: 'warn', found, remedy: 'Measure from a machine with two cores or more.' };
  }
  const workers = Math.ceil(streams / streamsPerWorker);
  if (workers <= has - 1) return fine(name, `${told}, enough for ${count(streams)} streams.`);
  const found = `${told}: ${count(streams)} streams take ${count(workers)} workers of ${streamsPerWorker}, so each would carry more.`;
  const remedy = `Stay at ${count((has - 1) * streamsPerWorker)} streams, or measure from a larger machine or the cloud (\`paretoken start\`).`;
  return { name, state: 'warn', found, remedy };
}

/** Of the cores, that others keep busy. */
const busyToWarn = 0.5;

function load({ cores: has, loadPerMinute }: MachineFacts): MachineCheck {
  const name = 'Load';
  if (loadPerMinute === null) return fine(name, 'The system does not say how busy it is.');
  const found = `${figure(loadPerMinute)} processes ran or waited in the mean of the last minute, for ${count(has)} ${has === 1 ? 'core' : 'cores'}.`;
  if (loadPerMinute < busyToWarn * has) return fine(name, found);
  const state = loadPerMinute < has ? 'warn' : 'bad';
  return { name, state, found, remedy: 'End what else runs here, wait a minute, and look again.' };
}

/** Of its periods, in which it was stopped. */
const throttledToWarn = 0.01;

function cpuTime({ cpuLimit, streams }: MachineFacts): MachineCheck {
  const name = 'CPU limit';
  if (cpuLimit === null) return fine(name, 'This system limits no one’s CPU time by control groups.');
  const { cpus, throttledShare } = cpuLimit;
  if (cpus === null) return fine(name, 'None.');
  const needed = Math.ceil(streams / streamsPerWorker) + 1;
  const often = throttledShare === null ? '' : ` It was stopped in ${percent(throttledShare)} of its periods so far.`;
  const found = `A limit of ${figure(cpus)} cores’ time: once that is used up, everything stands still for the rest of each period.${often}`;
  const remedy = `Raise or lift the limit (docker run --cpus, resources.limits.cpu, CPUQuota) to ${needed} cores or more.`;
  if (cpus < 1) return { name, state: 'bad', found, remedy };
  if (cpus < needed || (throttledShare ?? 0) > throttledToWarn) return { name, state: 'warn', found, remedy };
  return fine(name, `${figure(cpus)} cores’ time, enough for ${count(streams)} streams.${often}`);
}

/** What Node, threads, records and the report need beside a socket a stream. */
const filesBeside = 100;

function openFiles({ openFiles: limit, streams }: MachineFacts): MachineCheck {
  const name = 'Open files';
  if (limit === null) return fine(name, 'This system has no such limit, or does not say.');
  if (limit === Number.POSITIVE_INFINITY) return fine(name, 'No limit.');
  const needed = streams + filesBeside;
  const found = `At most ${count(limit)}; ${count(streams)} streams need about ${count(needed)}.`;
  if (limit >= 2 * needed) return fine(name, found);
  const remedy = `Raise the limit before the sweep, such as with \`ulimit -n ${Math.max(4096, 4 * needed)}\` in the same shell.`;
  return { name, state: limit < needed ? 'bad' : 'warn', found, remedy };
}

function proxy({ proxies }: MachineFacts): MachineCheck {
  const name = 'Proxy';
  if (proxies.length === 0) return fine(name, 'No proxy variable is set; none would be used.');
  const are = proxies.length === 1 ? 'is' : 'are';
  const found = `${proxies.join(', ')} ${are} set, and not used: requests go straight to the endpoint, so that no proxy’s time is measured.`;
  const remedy =
    'Nothing, if the endpoint can be reached without the proxy: `paretoken probe` tells. Else measure from where it can.';
  return { name, state: 'warn', found, remedy };
}

/** Figures of the clock: a stage is suspect from 100 ms on, and lasts up to five minutes. */
const jumpToWarnMs = 5;
const jumpTooLargeMs = 100;
const driftToWarnMsPerSecond = 1;
const stepTooLargeUs = 1000;

function clock({ clock: { overMs, driftMs, jumpMs, stepUs } }: MachineFacts): MachineCheck {
  const name = 'Clock';
  const perSecond = (Math.abs(driftMs) * 1000) / overMs;
  if (stepUs >= stepTooLargeUs) {
    const found = `The monotonic clock moves in steps of ${Number.isFinite(stepUs) ? `${figure(stepUs / 1000)} ms` : 'more than can be seen'}: stamps can be no finer.`;
    return { name, state: 'bad', found, remedy: 'Measure from another machine, or outside this emulator or sandbox.' };
  }
  const stepText = `steps of ${figure(stepUs)} µs`;
  const remedy =
    'Let the time be kept by one service alone (chrony, systemd-timesyncd, the guest tools of a virtual machine), and look again.';
  if (jumpMs >= jumpToWarnMs) {
    const found = `The wall clock jumped by ${figure(jumpMs)} ms within ${figure(overMs / 1000)} s. Durations are not measured by it, but starts are.`;
    return { name, state: jumpMs >= jumpTooLargeMs ? 'bad' : 'warn', found, remedy };
  }
  if (perSecond >= driftToWarnMsPerSecond) {
    const found = `The wall clock ${driftMs > 0 ? 'gains' : 'loses'} ${figure(perSecond)} ms a second against the monotonic one. Durations are not measured by it, but starts are.`;
    return { name, state: 'warn', found, remedy };
  }
  const drift = perSecond < 0.5 ? 'less than 0.5' : figure(perSecond);
  return fine(name, `Wall and monotonic clock keep together (${drift} ms a second), in ${stepText}.`);
}

/** As a stage is judged by its own delay: suspect, void. */
const delayToWarnMs = 5;
const delayTooLongMs = 50;

function idle({ idleDelayMs }: MachineFacts): MachineCheck {
  const name = 'Timers';
  if (idleDelayMs === null) return fine(name, 'Nothing was seen of them.');
  const { p99, max } = idleDelayMs;
  const found = `A thread with nothing to do woke ${figure(p99)} ms late (p99), at most ${figure(max)} ms.`;
  if (p99 < delayToWarnMs) return fine(name, found);
  const remedy = 'End what else runs here, switch power saving off, or measure from another machine.';
  return { name, state: p99 < delayTooLongMs ? 'warn' : 'bad', found, remedy };
}

const leastNode = 24;

function node({ nodeVersion }: MachineFacts): MachineCheck {
  const name = 'Node';
  if (Number.parseInt(nodeVersion, 10) >= leastNode) return fine(name, `Version ${nodeVersion}.`);
  const remedy = `Install Node ${leastNode} or later.`;
  return { name, state: 'bad', found: `Version ${nodeVersion} is older than ${leastNode}.`, remedy };
}

const mib = 2 ** 20;
const freeToWarn = 1024 * mib;
const freeTooLittle = 100 * mib;

function disk({ folder: { path, freeBytes } }: MachineFacts): MachineCheck {
  const name = 'Disk';
  if (freeBytes === null) return fine(name, 'The system does not say how much is free.');
  const told =
    freeBytes >= 1024 * mib ? `${figure(freeBytes / 1024 / mib)} GiB` : `${figure(Math.floor(freeBytes / mib))} MiB`;
  const found = `${told} free for ${path}; 10,000 requests of 500 tokens take about 10 MiB.`;
  if (freeBytes >= freeToWarn) return fine(name, found);
  const remedy = 'Make room, or name a folder on another disk with --out.';
  return { name, state: freeBytes < freeTooLittle ? 'bad' : 'warn', found, remedy };
}

function folder({ folder: { path, refusal } }: MachineFacts): MachineCheck {
  const name = 'Folder';
  if (refusal === null) return fine(name, `${path} can be written.`);
  const remedy = 'Mend its rights, or name another folder with --out.';
  return { name, state: 'bad', found: `Nothing can be written to ${path}: ${refusal}.`, remedy };
}
