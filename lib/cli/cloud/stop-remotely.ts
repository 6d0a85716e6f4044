import { getJson, jsonText } from '../../store/json.ts';
import { callbackKey, controlKey } from '../../store/key-layout.ts';
import type { OpenCallback } from '../../sweep/durable-steps.ts';
import type { Clock } from '../../timing/clock.ts';
import { RefusedError } from '../exit.ts';
import type { Executions } from './executions.ts';
import type { Stack } from './stack.ts';
import { statusOf } from './status-of.ts';

export interface RemoteStop {
  readonly stack: Pick<Stack, 'name' | 'store'>;
  readonly clock: Clock;
  readonly sweepId: string;
  readonly executions: Pick<Executions, 'wake' | 'whyDead'>;
}

/** What became of a sweep that was told to stop; `dead` says that it runs, and nobody runs it. */
export type Stopped =
  | { readonly kind: 'ended' }
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'running' };

/** A stopped sweep lets go within seconds, and then draws its report. */
const endsWithinMs = 120_000;
const askWhetherDeadMs = 30_000;

/**
 * Stops a sweep and waits a while until it has ended.
 * @throws RefusedError when there is none, or it is over
 */
export async function stopRemotely({ stack, clock, sweepId, executions }: RemoteStop): Promise<Stopped> {
  const { store } = stack;
  const status = await statusOf(stack, sweepId);
  if (status.state !== 'running') throw new RefusedError(`the sweep ${sweepId} is over: there is nothing to stop`);
  await store.put(controlKey(sweepId), jsonText({ state: 'stop' }));
  process.stderr.write('Stopping: workers stop sending within seconds, and what was measured is kept.\n');
  const beganUs = clock.nowUs();
  let woken = false;
  let askUs = beganUs + askWhetherDeadMs * 1000;
  while (clock.nowUs() < beganUs + endsWithinMs * 1000) {
    if (!woken) {
      const open = await getJson<OpenCallback>(store, callbackKey(sweepId));
      // One that has just timed out is followed by the next.
      woken = open !== null && (await executions.wake(open.callbackId));
    }
    await clock.sleepUntil(clock.nowUs() + 1_000_000);
    const now = await statusOf(stack, sweepId);
    if (now.state !== 'running') return { kind: 'ended' };
    if (clock.nowUs() < askUs) continue;
    askUs = clock.nowUs() + askWhetherDeadMs * 1000;
    const why = await executions.whyDead(now);
    if (why !== null) return { kind: 'dead', why };
  }
  return { kind: 'running' };
}
