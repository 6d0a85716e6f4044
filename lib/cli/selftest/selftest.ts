import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadFleet } from '../../fleet/thread-fleet.ts';
import { type Plan, planSweep } from '../../plan/plan.ts';
import type { Stage } from '../../plan/stage.ts';
import { laptopTempo } from '../../plan/tempo.ts';
import { checkSpec } from '../../spec/parse.ts';
import { fileStore } from '../../store/file-store.ts';
import { controlKey } from '../../store/key-layout.ts';
import { plainStageSteps } from '../../sweep/plain-steps.ts';
import { systemClock } from '../../timing/clock.ts';
import { startMockProcess } from '../mock-process.ts';
import { packageVersion } from '../package.ts';
import type { Accuracy } from './accuracy.ts';
import { type MockBench, pressMock } from './press-mock.ts';

export interface SelftestOptions {
  /** Parallel streams, a stage each, rising. */
  readonly counts: readonly number[];
  readonly secondsPerCount: number;
  readonly stop: AbortSignal;
  /** Told as the stage of a count begins. */
  onStage(stage: Stage): void;
  /** Told as it is over. */
  onMeasured(accuracy: Accuracy): void;
}

/** Each stream of the mock writes a token this often in the mean, at irregular times of its own. */
export const mockStepMs = 20;

/** Half a second an answer: enough answers in a few seconds for percentiles of the time to first token. */
const outputTokens = 25;

/**
 * Presses a mock in a process of its own with a worker's thread, once for each count of streams, and compares every
 * stamp with the mock's journal. Records rest in a temporary folder while it lasts.
 * @returns what was measured; fewer counts than asked for when it was stopped
 */
export async function selftest(options: SelftestOptions): Promise<readonly Accuracy[]> {
  const clock = systemClock();
  const folder = await mkdtemp(join(tmpdir(), 'paretoken-selftest-'));
  const fleet = threadFleet({ folder, secrets: {} });
  try {
    const mock = await startMockProcess(mockFlags(Math.max(...options.counts)));
    const { url } = mock;
    const plan = planOf(options, url, clock.nowEpochMs());
    const steps = plainStageSteps({ clock, stop: options.stop });
    const answerMs = outputTokens * mockStepMs;
    const expected = { p50Ms: answerMs, p95Ms: answerMs };
    try {
      return await pressAll(options, { url, plan, steps, store: fileStore(folder), fleet, clock, expected });
    } finally {
      mock.close();
    }
  } finally {
    await fleet.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function pressAll(options: SelftestOptions, bench: MockBench): Promise<Accuracy[]> {
  const { counts, secondsPerCount, stop, onStage, onMeasured } = options;
  await bench.store.put(controlKey(bench.plan.sweepId), JSON.stringify({ state: 'run' }));
  const measured: Accuracy[] = [];
  for (const [index, streams] of counts.entries()) {
    const press = { streams, stage: index + 1, windowMs: secondsPerCount * 1000, onStage };
    const accuracy = await pressMock(press, bench);
    if (stop.aborted || accuracy === null) break;
    measured.push(accuracy);
    onMeasured(accuracy);
  }
  return measured;
}

/** A slot for each stream, so that none waits; a steady pace whatever the load; jitter, so that no two keep step. */
function mockFlags(slots: number): string[] {
  const model = {
    slots,
    'prefill-base-ms': 20,
    'prefill-per-token-ms': 0,
    'step-base-ms': mockStepMs,
    'step-per-slot-ms': 0,
    jitter: 0.2,
  };
  return Object.entries(model).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

function planOf({ counts, secondsPerCount }: SelftestOptions, url: string, startedAtEpochMs: number): Plan {
  const spec = checkSpec({
    target: { url, model: 'mock' },
    workload: { inputTokens: 20, outputTokens },
    load: { levels: [...counts], driftCheck: false },
    stage: { warmUp: '1s', measure: `${secondsPerCount}s`, drain: '5s' },
  });
  const version = packageVersion();
  return planSweep({
    sweepId: 'selftest',
    spec,
    startedAtEpochMs,
    capacity: 1,
    tempo: laptopTempo,
    limits: null,
    version,
  });
}
