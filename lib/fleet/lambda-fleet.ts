import { GetAccountSettingsCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Assignment } from '../plan/assignment.ts';
import { mapAtMost } from '../timing/at-most.ts';
import { attempted } from '../timing/attempts.ts';
import type { Clock } from '../timing/clock.ts';
import type { Fleet, LaunchResult } from './fleet.ts';
import { lambdaClient } from './lambda-client.ts';

export interface LambdaFleetOptions {
  /** ARN of the alias of the worker function. */
  readonly worker: string;
  readonly clock: Clock;
  /** Asks once: the fleet decides about further attempts. @default one that finds all else in the environment */
  readonly client?: LambdaClient;
  /** Of each launch, while Lambda is throttled or fails for the moment. @default 10 */
  readonly attempts?: number;
  /** Executions that are kept for the workers alone; null: they share those of the account. @default null */
  readonly reserved?: number | null;
}

/** What could not be learned of the account that the workers run in. */
export class FleetError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FleetError';
    this.code = code;
  }
}

/** Left to the orchestrator, the aggregator and whatever else the account runs: ten, of a small account a fifth. */
const leftForOthers = (unreserved: number) => Math.min(10, Math.ceil(unreserved / 5));
const launchedAtOnce = 50;
/** Less than the lead of a stage in the cloud: who comes later is late. */
const launchWithinMs = 12_000;

/**
 * Workers as Lambda invocations of type Event: accepted means queued, not started. An invocation whose answer was lost
 * is sent again; the worker's claim sorts out what came twice.
 */
export function lambdaFleet(options: LambdaFleetOptions): Fleet {
  const { worker: workerArn, clock, client = lambdaClient({ attempts: 1 }), attempts = 10, reserved = null } = options;
  // The SDK's own attempts share a budget, which a large launch that is throttled would soon have used up.
  const send = <T>(call: (abortSignal: AbortSignal) => Promise<T>) =>
    attempted({ clock, attempts, withinMs: launchWithinMs, isPassing }, call);
  const launchOne = async (assignment: Assignment): Promise<LaunchResult> => {
    const { worker } = assignment;
    const Payload = JSON.stringify(assignment);
    try {
      const command = new InvokeCommand({ FunctionName: workerArn, InvocationType: 'Event', Payload });
      await send((abortSignal) => client.send(command, { abortSignal }));
      return { worker, accepted: true, reason: null };
    } catch (error) {
      return { worker, accepted: false, reason: wordsOf(error) };
    }
  };
  return {
    async capacity() {
      if (reserved !== null) return reserved;
      const asked = send((abortSignal) => client.send(new GetAccountSettingsCommand(), { abortSignal }));
      const settings = await asked.catch((cause: unknown) => {
        throw new FleetError(nameOf(cause), `can't read the account's concurrency: ${wordsOf(cause)}. ${remedy}`, {
          cause,
        });
      });
      const unreserved = settings.AccountLimit?.UnreservedConcurrentExecutions ?? 0;
      return unreserved - leftForOthers(unreserved);
    },
    launch: (assignments) => mapAtMost(launchedAtOnce, assignments, launchOne),
    gone: () => [],
  };
}

const remedy = 'The role that asks needs lambda:GetAccountSettings on all resources (*).';

/** Throttled, failing on their side, or no answer at all. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === null || status === 429 || status >= 500;
}

function statusOf(error: unknown): number | null {
  const { $metadata } = (error ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? null;
}

const longestWords = 300;
const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'Unknown');

/** Lambda's own words for a failure, its name first. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${nameOf(error)}: ${message}`.replace(/[.\s]+$/, '').slice(0, longestWords);
}
