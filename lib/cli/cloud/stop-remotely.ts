import { getJson, jsonText } from '../../store/json.ts';
import { callbackKey, controlKey } from '../../store/key-layout.ts';
import type { OpenCallback } from '../../sweep/durable-steps.ts';
import type { Clock } from '../../timing/clock.ts';
import { RefusedError } from '../exit.ts';
import { executionsOf } from './executions.ts';
import type { Stack } from './stack.ts';
import { statusOf } from './status-of.ts';

export interface RemoteStop {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly sweepId: string;
}

/** A stopped sweep lets go within seconds, and then draws its report. */
const endsWithinMs = 120_000;

/** Stops a sweep and waits until it has ended. */
export async function stopRemotely({ stack, clock, sweepId }: RemoteStop): Promise<void> {
  const { store } = stack;
  const status = await statusOf(stack, sweepId);
  if (status.state !== 'running') throw new RefusedError(`the sweep ${sweepId} is over: there is nothing to stop`);
  await store.put(controlKey(sweepId), jsonText({ state: 'stop' }));
  process.stderr.write('Stopping: workers stop sending within seconds, and what was measured is kept.\n');
  const untilUs = clock.nowUs() + endsWithinMs * 1000;
  let woken = false;
  while (clock.nowUs() < untilUs) {
    if (!woken) woken = await wake(stack, sweepId);
    const now = await statusOf(stack, sweepId);
    if (now.state !== 'running') {
      process.stdout.write(
        `The sweep ${sweepId} has ended: \`paretoken report ${sweepId}\` shows what was measured.\n`,
      );
      return;
    }
    await clock.sleepUntil(clock.nowUs() + 1_000_000);
  }
  process.stderr.write(`The sweep still runs; it will end at its next look: \`paretoken status ${sweepId}\` tells.\n`);
}

/** Completes the callback on which the sweep waits; one that has just timed out is followed by the next. */
async function wake(stack: Stack, sweepId: string): Promise<boolean> {
  const open = await getJson<OpenCallback>(stack.store, callbackKey(sweepId));
  return open !== null && executionsOf(stack).wake(open.callbackId);
}
