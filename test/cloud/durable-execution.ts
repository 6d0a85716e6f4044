import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorObject, ExecutionStatus, Operation, OperationUpdate } from '@aws-sdk/client-lambda';
import { AwsError } from './aws-error.ts';
import { readDurableAnswer } from './durable-answer.ts';
import { durableEvent, type OperationPage, pageOf } from './durable-event.ts';
import type { Run } from './function-runner.ts';
import { type FunctionTarget, functionArn } from './function-target.ts';
import { OperationLog, type Outcome } from './operation-log.ts';

export interface DurableExecutionOptions {
  readonly target: FunctionTarget;
  readonly name: string;
  readonly input: string;
  /** Runs the function; null when it is throttled. */
  readonly run: (payload: Buffer) => Run | null;
  /** Invokes another function in this one's name. */
  readonly callFunction: (functionName: string, payload: string) => Promise<Outcome>;
}

export interface CheckpointRequest {
  readonly token: string;
  readonly clientToken: string | undefined;
  readonly updates: readonly OperationUpdate[];
}

export interface CheckpointAnswer {
  readonly token: string;
  readonly operations: readonly Operation[];
}

/** After an invocation that crashed or was throttled; doubles with each in a row. */
const firstRetryMs = 100;
const longestRetryMs = 1000;
/** In a row and without a checkpoint between; the service itself may go on until the execution times out. */
const mostCrashes = 10;

/** One durable execution: invokes its function, and again whenever something it waits for has happened. */
export class DurableExecution {
  readonly arn: string;
  readonly name: string;
  readonly target: FunctionTarget;
  readonly input: string;
  readonly startedAtEpochMs = Date.now();
  readonly operations: OperationLog;
  /** Settles when the execution has ended. */
  readonly over: Promise<void>;
  status: ExecutionStatus = 'RUNNING';
  endedAtEpochMs: number | null = null;
  result: string | undefined;
  error: ErrorObject | undefined;
  /** Checkpoints that were asked for, and invocations that were begun. */
  checkpoints = 0;
  invocations = 0;
  readonly #options: DurableExecutionOptions;
  readonly #over = Promise.withResolvers<void>();
  readonly #ending = new AbortController();
  #changed = Promise.withResolvers<void>();
  #run: Run | null = null;
  #token = randomUUID();
  #lastCheckpoint: { token: string; clientToken: string | undefined; answer: CheckpointAnswer } | null = null;
  #crashesInARow = 0;

  constructor(options: DurableExecutionOptions) {
    const { target, name, input } = options;
    const id = randomUUID();
    this.#options = options;
    this.target = target;
    this.name = name;
    this.input = input;
    this.arn = `${functionArn(target.model.name, target.version)}/durable-execution/${name}/${id}`;
    this.operations = new OperationLog({ id, input }, this.startedAtEpochMs);
    this.over = this.#over.promise;
  }

  /** Runs until the end; settles then, and never rejects. */
  async drive(): Promise<void> {
    const timeoutMs = 1000 * (this.target.model.durable?.executionTimeoutSeconds ?? 0);
    const timer = setTimeout(
      () => this.#end('TIMED_OUT', { error: { ErrorType: 'Execution.Timeout', ErrorMessage: 'Execution timed out' } }),
      Math.min(timeoutMs, 2 ** 31 - 1),
    );
    while (this.status === 'RUNNING') {
      const payload = this.#eventOf();
      const run = this.#options.run(payload);
      this.#run = run;
      if (run) {
        this.invocations += 1;
        await this.#read(run);
      } else {
        this.#crashesInARow += 1;
        await this.#pause();
      }
    }
    clearTimeout(timer);
  }

  /** Ends the process that runs the function now. */
  crash(): void {
    this.#run?.kill();
  }

  /** The function's process writes down what it did; what happened meanwhile is answered. */
  checkpoint({ token, clientToken, updates }: CheckpointRequest): CheckpointAnswer {
    const last = this.#lastCheckpoint;
    if (last && last.token === token && last.clientToken === clientToken) return last.answer;
    this.#checkToken(token);
    const nowMs = Date.now();
    this.operations.passTime(nowMs);
    this.operations.apply(updates, nowMs);
    this.#crashesInARow = 0;
    for (const update of updates) this.#carryOut(update);
    this.#token = randomUUID();
    const answer = { token: this.#token, operations: this.operations.takeNews() };
    this.#lastCheckpoint = { token, clientToken, answer };
    return answer;
  }

  /** A page of the operations that the function replays by. */
  state(token: string, marker: string | null, maxItems: number): OperationPage {
    this.#checkToken(token);
    return pageOf(this.operations.visible(), Number(marker ?? 0), maxItems);
  }

  /** Ends an operation from outside, and wakes the function. */
  complete(id: string, outcome: Outcome): void {
    this.operations.complete(id, outcome, Date.now());
    this.#changed.resolve();
  }

  stop(error: ErrorObject | undefined): void {
    this.#end('STOPPED', { error: error ?? { ErrorType: 'Execution.Stopped', ErrorMessage: 'Execution stopped' } });
  }

  #checkToken(token: string): void {
    if (this.status !== 'RUNNING')
      throw new AwsError(400, 'InvalidParameterValueException', `the execution has ended: ${this.status}`);
    if (token !== this.#token)
      throw new AwsError(
        400,
        'InvalidParameterValueException',
        'Invalid Checkpoint Token: another invocation has taken over',
      );
  }

  #eventOf(): Buffer {
    this.operations.passTime(Date.now());
    this.#token = randomUUID();
    const updated = this.operations.takeNews();
    return durableEvent({ arn: this.arn, token: this.#token, updated, operations: this.operations.visible() });
  }

  async #read(run: Run): Promise<void> {
    const result = await Promise.race([run.result, this.over.then(() => null)]);
    this.#run = null;
    if (result === null || this.status !== 'RUNNING') return;
    const answer = readDurableAnswer(result);
    if (answer.status === 'SUCCEEDED') return this.#end('SUCCEEDED', { result: answer.result || this.result });
    if (answer.status === 'FAILED') return this.#end('FAILED', { error: answer.error });
    if (answer.status === 'PENDING') return this.#waitForNews();
    this.#crashesInARow += 1;
    if (this.#crashesInARow >= mostCrashes) return this.#end('FAILED', { error: answer.error });
    await this.#pause();
  }

  /** Until something that the function waits for has happened. */
  async #waitForNews(): Promise<void> {
    if (!this.operations.hasNews && !this.operations.isWaiting) {
      const ErrorMessage = 'Cannot return PENDING status with no pending operations.';
      return this.#end('FAILED', { error: { ErrorType: 'InvalidOutput', ErrorMessage } });
    }
    while (this.status === 'RUNNING' && !this.operations.hasNews) {
      this.#changed = Promise.withResolvers();
      const dueMs = this.operations.nextDueMs;
      const appointment = new AbortController();
      const due = dueMs === null ? [] : [sleepQuietly(Math.max(0, dueMs - Date.now()), appointment.signal)];
      await Promise.race([this.#changed.promise, this.over, ...due]);
      appointment.abort();
      this.operations.passTime(Date.now());
    }
  }

  async #pause(): Promise<void> {
    const ms = Math.min(longestRetryMs, firstRetryMs * 2 ** (this.#crashesInARow - 1));
    await sleepQuietly(ms, this.#ending.signal);
  }

  /** What a checkpoint's update sets going outside. */
  #carryOut({ Id = '', Type, Action, Payload, ChainedInvokeOptions }: OperationUpdate): void {
    if (Type === 'EXECUTION' && Action === 'SUCCEED') this.result = Payload;
    if (Type !== 'CHAINED_INVOKE' || Action !== 'START') return;
    void this.#options
      .callFunction(ChainedInvokeOptions?.FunctionName ?? '', Payload ?? 'null')
      .then((outcome) => this.complete(Id, outcome));
  }

  #end(
    status: ExecutionStatus,
    { result, error }: { result?: string | undefined; error?: ErrorObject | undefined },
  ): void {
    if (this.status !== 'RUNNING') return;
    this.status = status;
    this.result = result;
    this.error = error;
    this.endedAtEpochMs = Date.now();
    this.#ending.abort();
    this.#over.resolve();
  }
}

const sleepQuietly = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});
