import { getJson } from '../../store/json.ts';
import { statusKey } from '../../store/key-layout.ts';
import type { Status } from '../../sweep/status.ts';
import { RefusedError } from '../exit.ts';
import type { Stack } from './stack.ts';

/**
 * The status of a sweep in the cloud.
 * @throws RefusedError when there is no such sweep
 */
export async function statusOf({ store, name }: Pick<Stack, 'store' | 'name'>, sweepId: string): Promise<Status> {
  const status = await getJson<Status>(store, statusKey(sweepId));
  if (status === null) {
    throw new RefusedError(`there is no sweep ${sweepId} in the stack ${name}: \`paretoken list\` shows all`);
  }
  return status;
}
