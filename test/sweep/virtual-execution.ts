import { randomUUID } from 'node:crypto';
import {
  type CheckpointDurableExecutionRequest,
  type DurableExecutionClient,
  DurableExecutionInvocationInputWithClient,
  type DurableLambdaHandler,
  type OperationUpdate,
} from '@aws/durable-execution-sdk-js';
import type { Operation, OperationUpdate as SdkUpdate } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { OperationLog } from '../cloud/operation-log.ts';
import type { VirtualClock } from '../timing/virtual-clock.ts';

export type CrashPhase = 'before' | 'after';

export interface VirtualExecutionOptions {
  readonly handler: DurableLambdaHandler;
  readonly event: unknown;
  /** Ahead of the real time, so that the SDK leaves every timer to the service. */
  readonly clock: VirtualClock;
  /** Another function, called by chained invoke. */
  callFunction(name: string, payload: unknown): Promise<unknown>;
  /** Whether the process dies at the n-th checkpoint (from 1): before it is stored, or after, without its answer. */
  crash?(checkpoint: number, phase: CrashPhase, updates: readonly OperationUpdate[]): boolean;
}

export interface VirtualExecution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly result: unknown;
  readonly error: string | null;
  readonly checkpoints: number;
  readonly invocations: number;
}

/** A callback that somebody outside completes. */
export interface Wakeable {
  wake(callbackId: string): void;
}

const mostInvocations = 500;

/**
 * Plays the durable service for one execution: the function is invoked in real time while virtual time stands, and
 * virtual time passes while it waits.
 */
export async function virtualExecution(
  options: VirtualExecutionOptions,
  onReady: (wakeable: Wakeable) => void = () => undefined,
): Promise<VirtualExecution> {
  const { handler, clock, crash = () => false } = options;
  const id = randomUUID();
  const log = new OperationLog({ id, input: JSON.stringify(options.event) }, clock.nowEpochMs());
  const calls = new Set<Promise<void>>();
  let checkpoints = 0;
  let die: () => void = () => undefined;
  const never = new Promise<never>(() => undefined);

  const carryOut = ({ Id = '', Type, Action, Payload, ChainedInvokeOptions }: OperationUpdate) => {
    if (Type !== 'CHAINED_INVOKE' || Action !== 'START') return;
    const call = options.callFunction(ChainedInvokeOptions?.FunctionName ?? '', JSON.parse(Payload ?? 'null')).then(
      (result) => log.complete(Id, { status: 'SUCCEEDED', result: JSON.stringify(result) }, clock.nowEpochMs()),
      (error: Error) =>
        log.complete(
          Id,
          { status: 'FAILED', error: { ErrorType: error.name, ErrorMessage: error.message } },
          clock.nowEpochMs(),
        ),
    );
    calls.add(call);
    void call.finally(() => calls.delete(call));
  };
  const clientOf = (isAlive: () => boolean): DurableExecutionClient => ({
    async getExecutionState() {
      return { Operations: structuredClone(log.visible()) as never, NextMarker: undefined };
    },
    async checkpoint({ Updates: updates = [] }: CheckpointDurableExecutionRequest) {
      if (!isAlive()) return never;
      const number = ++checkpoints;
      const diesAt = (phase: CrashPhase) => {
        if (!crash(number, phase, updates)) return false;
        die();
        return true;
      };
      if (diesAt('before')) return never;
      log.apply(updates as SdkUpdate[], clock.nowEpochMs());
      for (const update of updates) carryOut(update);
      if (diesAt('after')) return never;
      const state = { Operations: structuredClone(log.takeNews()) as never, NextMarker: undefined };
      return { CheckpointToken: randomUUID(), NewExecutionState: state };
    },
  });
  onReady({
    wake(callbackId) {
      const open = log.visible().find(({ CallbackDetails }) => CallbackDetails?.CallbackId === callbackId);
      if (open?.Id) log.complete(open.Id, { status: 'SUCCEEDED', result: '"stop"' }, clock.nowEpochMs());
    },
  });

  for (let invocations = 1; invocations <= mostInvocations; invocations++) {
    log.passTime(clock.nowEpochMs());
    let alive = true;
    const died = new Promise<null>((resolve) => {
      die = () => {
        alive = false;
        resolve(null);
      };
    });
    const updated = log.takeNews().flatMap(({ Id = '' }) => Id);
    const input = new DurableExecutionInvocationInputWithClient(
      {
        DurableExecutionArn: 'arn:aws:lambda:eu-central-1:1:function:f:1/durable-execution/test/1',
        CheckpointToken: randomUUID(),
        UpdatedOperationIds: updated,
        InitialExecutionState: {
          Operations: structuredClone(log.visible()) as Operation[] as never,
          NextMarker: undefined,
        },
      },
      clientOf(() => alive),
    );
    const answer = await Promise.race([handler(input as never, lambdaContext), died]);
    alive = false;
    if (answer && answer.Status !== 'PENDING') {
      const { Status: status } = answer;
      const result = status === 'SUCCEEDED' ? JSON.parse(answer.Result ?? 'null') : null;
      const error = status === 'FAILED' ? (answer.Error?.ErrorMessage ?? 'failed') : null;
      return { status, result, error, checkpoints, invocations };
    }
    await passTime(answer === null);
  }
  throw new Error(`more than ${mostInvocations} invocations`);

  /** After a crash the function is invoked again soon; else when something has happened that it waits for. */
  async function passTime(crashed: boolean): Promise<void> {
    if (crashed) return clock.advanceTo(clock.nowUs() + 1e6);
    while (!log.hasNews) {
      if (calls.size > 0) await Promise.race(calls);
      else if (log.nextDueMs === null) throw new Error('the function waits for nothing');
      // In steps, so that a test can wake the sweep between.
      else {
        const aheadMs = Math.min(500, log.nextDueMs - clock.nowEpochMs());
        await clock.advanceTo(clock.nowUs() + Math.max(1, aheadMs) * 1000);
      }
      log.passTime(clock.nowEpochMs());
    }
  }
}

const lambdaContext = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'orchestrator',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:1:function:f:1',
  memoryLimitInMB: '512',
  awsRequestId: 'request',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 900_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
} satisfies Context;
