import { type Clock, sleep } from '../../lib/timing/clock.ts';
import { type Appointment, appointments } from './appointments.ts';

/** A clock whose time moves only when a test runs it, from one appointment to the next. */
export interface VirtualClock extends Clock {
  /**
   * Lets time pass until `until` holds, or without it until nothing is left to happen. Rejects when nothing is left
   * though `until` does not hold, when a bound is passed, and with what a fired callback throws.
   */
  run(until?: () => boolean): Promise<void>;
  /** Lets time pass until `work` is settled, and answers as it does. */
  runUntilSettled<T>(work: Promise<T>): Promise<T>;
  /** Lets time pass up to and including a monotonic microsecond, where it then stands. */
  advanceTo(atUs: number): Promise<void>;
  /** Appointments not yet fired or cancelled. */
  pending(): number;
}

export interface VirtualBounds {
  /** Most virtual time of one run, in milliseconds: a week unless told. */
  readonly mostMs?: number;
  /** Most appointments fired in one run. */
  readonly mostSteps?: number;
}

/** Not zero, so that a test notices when zero is taken for "did not happen". */
const startUs = 1_000_000_000;
const defaultStartEpochMs = Date.UTC(2026, 0, 1);

/**
 * Time for tests, beginning at `startEpochMs`. Before each step, all work that is already possible is done: microtasks,
 * immediates and requests to the file system. Sockets and threads live in real time and do not belong under this clock.
 */
export function virtualClock(startEpochMs = defaultStartEpochMs, bounds: VirtualBounds = {}): VirtualClock {
  const { mostMs = 7 * 24 * 3_600_000, mostSteps = 10_000_000 } = bounds;
  const queue = appointments();
  let nowUs = startUs;
  let running = false;

  const callAt = (atUs: number, fire: () => void) => {
    if (!Number.isFinite(atUs)) throw new RangeError(`an appointment needs a time, not ${atUs}`);
    return queue.add(Math.max(nowUs, Math.round(atUs)), fire);
  };
  const meet = (appointment: Appointment) => {
    nowUs = appointment.atUs;
    appointment.fire();
  };
  const pass = async (until: () => boolean, lastUs: number, whenEmpty: () => void) => {
    if (running) throw new Error('the virtual clock is running already: await one run before the next');
    running = true;
    const giveUpUs = nowUs + mostMs * 1000;
    try {
      for (let steps = 0; ; steps++) {
        await settle();
        if (until()) return;
        const next = queue.take(lastUs);
        if (!next) return whenEmpty();
        if (next.atUs > giveUpUs || steps >= mostSteps) throw new Error(boundPassed(nowUs, steps, queue.size()));
        meet(next);
      }
    } finally {
      running = false;
    }
  };
  const run = (until?: () => boolean) =>
    pass(until ?? never, Number.POSITIVE_INFINITY, () => {
      if (until) throw new Error(`nothing is left to happen after ${passed(nowUs)}, and what was awaited is not there`);
    });

  return {
    nowUs: () => nowUs,
    nowEpochMs: () => startEpochMs + Math.floor((nowUs - startUs) / 1000),
    callAt,
    sleepUntil: (atUs, signal) => sleep(callAt, atUs, signal),
    run,
    async runUntilSettled(work) {
      let settled = false;
      const note = () => {
        settled = true;
      };
      work.then(note, note);
      await run(() => settled);
      return work;
    },
    advanceTo: (atUs) =>
      pass(never, atUs, () => {
        nowUs = Math.max(nowUs, Math.round(atUs));
      }),
    pending: () => queue.size(),
  };
}

const never = () => false;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const isFileWork = (resource: string) => resource.startsWith('FSReq') || resource === 'CloseReq';

/** Two turns of the event loop, and more while the file system is at work. */
async function settle(): Promise<void> {
  await turn();
  do await turn();
  while (process.getActiveResourcesInfo().some(isFileWork));
}

const passed = (nowUs: number) => `${((nowUs - startUs) / 1e6).toFixed(3)} virtual seconds`;

function boundPassed(nowUs: number, steps: number, pending: number): string {
  return `the virtual clock gave up after ${passed(nowUs)} and ${steps} steps, with ${pending} appointments pending`;
}
