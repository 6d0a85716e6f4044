import assert from 'node:assert/strict';
import type { Report } from '../../lib/report/report.ts';
import { reportKey, statusKey } from '../../lib/store/key-layout.ts';
import type { Status } from '../../lib/sweep/status.ts';
import type { CrashPhase } from './virtual-execution.ts';
import { type VirtualStart, type VirtualStartResult, virtualStart } from './virtual-start.ts';

export const sweep = {
  target: { url: 'http://mock/v1', model: 'mock' },
  workload: { inputTokens: 20, outputTokens: 5 },
  load: { levels: [2, 4], driftCheck: false },
  stage: { warmUp: '1s', measure: '3s', drain: '2s' },
  fleet: { streamsPerWorker: 2 },
};
export const start = (rest: Partial<VirtualStart> = {}) => virtualStart({ event: { sweep, id: 'cloud' }, ...rest });
export const statusIn = ({ store }: VirtualStartResult, id = 'cloud') => store.json<Status>(statusKey(id));

/** What a report says, less the times of the wall clock. */
function measured({ store }: VirtualStartResult) {
  const { points, ended, warnings } = store.json<Report>(reportKey('cloud', 'report.json'));
  return JSON.stringify({
    points: points.map(({ stage, level, requests, ok, latencyMs, outputTokensPerSecond, validity }) => ({
      stage,
      level,
      requests,
      ok,
      latencyMs,
      outputTokensPerSecond,
      validity,
    })),
    ended,
    warnings,
  });
}

/** Lets the process die at one checkpoint, and asserts that all is as in a whole run. */
export async function assertSurvives(whole: VirtualStartResult, dies: number, phase: CrashPhase): Promise<void> {
  const crash = (checkpoint: number, when: CrashPhase) => checkpoint === dies && when === phase;
  const run = await start({ crash });
  const where = `checkpoint ${dies} of ${whole.checkpoints}, ${phase} it is stored`;
  assert.deepEqual(run.result, whole.result, where);
  assert.equal(measured(run), measured(whole), where);
  assert.equal(new Set(run.requestIds).size, run.requestIds.length, where);
  assert.equal(run.requestIds.length, whole.requestIds.length, where);
}
