import {
  GetDurableExecutionCommand,
  InvokeCommand,
  type LambdaClient,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { lambdaClient } from '../../fleet/lambda-client.ts';
import type { Status } from '../../sweep/status.ts';
import { RefusedError } from '../exit.ts';
import { awsError } from './aws-error.ts';
import type { Stack } from './stack.ts';

/** The durable executions of a stack's orchestrator, as the CLI deals with them. */
export interface Executions {
  /**
   * Starts one.
   * @throws RefusedError when there was one of this name, or the start is not allowed
   */
  start(name: string, event: unknown): Promise<void>;
  /** Completes the callback on which one waits; false when it no longer waits on it, or the right is missing. */
  wake(callbackId: string): Promise<boolean>;
  /** Why one that should run is over; null while it runs, or where nobody may look. */
  whyDead(status: Status): Promise<string | null>;
}

const over = new Set<string | undefined>(['FAILED', 'TIMED_OUT', 'STOPPED', 'SUCCEEDED']);

export function executionsOf({ client: options, orchestrator, name: stack }: Stack): Executions {
  const use = async <T>(work: (client: LambdaClient) => Promise<T>): Promise<T> => {
    const client = lambdaClient({ ...options, attempts: 3 });
    return work(client).finally(() => client.destroy());
  };
  return {
    start: (name, event) =>
      use(async (client) => {
        const command = new InvokeCommand({
          FunctionName: `${orchestrator}:live`,
          InvocationType: 'Event',
          DurableExecutionName: name,
          Payload: JSON.stringify(event),
        });
        await client.send(command).catch((cause: unknown) => {
          if (!(cause instanceof Error) || cause.name !== 'DurableExecutionAlreadyStartedException')
            throw awsError(`start a sweep in the stack ${stack}`, cause);
          throw new RefusedError(`a sweep ${name} was started already: choose another --id`, { cause });
        });
      }),
    wake: (callbackId) =>
      use((client) =>
        client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: callbackId })).then(
          () => true,
          () => false,
        ),
      ),
    whyDead: ({ execution }) =>
      use(async (client) => {
        if (execution === null) return null;
        const command = new GetDurableExecutionCommand({ DurableExecutionArn: execution });
        const found = await client.send(command).catch(() => null);
        if (found === null || !over.has(found.Status)) return null;
        const words = found.Error?.ErrorMessage;
        return `its execution is over (${found.Status})${words ? `: ${words}` : ''}`;
      }),
  };
}
