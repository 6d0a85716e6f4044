import type { Spec } from '../../spec/schema.ts';
import { getJson } from '../../store/json.ts';
import { inputKey, statusKey } from '../../store/key-layout.ts';
import type { Status } from '../../sweep/status.ts';
import type { Clock } from '../../timing/clock.ts';
import { RefusedError } from '../exit.ts';
import { executionsOf } from './executions.ts';
import type { Stack } from './stack.ts';

export interface RemoteStart {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly sweepId: string;
  readonly spec: Spec;
  /** The spec as it was written: it is checked again where it runs. */
  readonly written: unknown;
  /** The file of its workload; null without one. */
  readonly input: Uint8Array | null;
}

/** So long a start may take until the sweep shows; then it is said, and the id is good all the same. */
const showsWithinMs = 60_000;
/** What is smaller is there before anyone wonders. */
const megabyte = 1_000_000;

/**
 * Starts a sweep in the cloud and waits until it runs.
 * @throws RefusedError when the id is taken, the start is not allowed, or the sweep was refused
 */
export async function startRemotely({ stack, clock, sweepId, spec, written, input }: RemoteStart): Promise<void> {
  if (spec.target.auth && 'env' in spec.target.auth) {
    throw new RefusedError(
      "target.auth.env names a variable of this machine, which workers in the cloud can't see: keep the key in Secrets Manager and name it by target.auth.secret (docs/deploy.md)",
    );
  }
  const before = await getJson<Status>(stack.store, statusKey(sweepId));
  if (before !== null) {
    const there = before.state === 'running' ? 'is running already' : 'is there already';
    throw new RefusedError(`a sweep ${sweepId} ${there}: choose another --id, or \`paretoken watch ${sweepId}\``);
  }
  const { file } = spec.workload;
  if (input !== null && file !== null && typeof file !== 'string') {
    if (input.length >= megabyte)
      process.stderr.write(`Bringing ${Math.ceil(input.length / megabyte)} MB of prompts into the bucket …\n`);
    await stack.store.put(inputKey(sweepId, file.sha256), input);
  }
  await executionsOf(stack).start(sweepId, { sweep: written, id: sweepId });
  const untilUs = clock.nowUs() + showsWithinMs * 1000;
  while (clock.nowUs() < untilUs) {
    const status = await getJson<Status>(stack.store, statusKey(sweepId));
    if (status?.state === 'refused') {
      throw new RefusedError(`the sweep was refused:\n${status.refusals.map((one) => `  ${one}`).join('\n')}`);
    }
    if (status !== null) return;
    await clock.sleepUntil(clock.nowUs() + 500_000);
  }
  process.stderr.write(
    `The sweep was accepted and does not show yet: \`paretoken status ${sweepId}\` will tell, and so does the log of ${stack.orchestrator}.\n`,
  );
}
