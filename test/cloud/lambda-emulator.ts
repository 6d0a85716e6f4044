import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessControl } from './access-control.ts';
import { AwsError } from './aws-error.ts';
import { type Caller, callerOf, callerOfRole } from './caller.ts';
import { callChained } from './chained-call.ts';
import { answerDurable, type LambdaRequest } from './durable-api.ts';
import { DurableService } from './durable-service.ts';
import type { InvocationResult } from './environment.ts';
import { type EventDelays, EventQueue, type FailedEvent, type QueuedEvent, shortDelays } from './event-queue.ts';
import { FunctionRunner, type Run } from './function-runner.ts';
import { type FunctionTarget, findTarget, functionArn, parseFunctionName } from './function-target.ts';
import { type HttpEndpoint, openHttpEndpoint, refuseByRestJson, sendJson } from './http-endpoint.ts';
import { type Invoke, invokeOf } from './invoke.ts';
import { answerInvoke, throttled } from './invoke-api.ts';
import { LambdaFaults } from './lambda-faults.ts';
import type { FunctionModel } from './stack-model.ts';

/** What an invoke came to, and what its answer's headers tell beside. */
export interface Invoked {
  readonly result: InvocationResult;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LambdaEmulatorOptions {
  readonly functions: readonly FunctionModel[];
  readonly access: AccessControl;
  /** Default 1,000. */
  readonly unreservedConcurrency?: number;
  /** Default short ones, which suit tests. */
  readonly delays?: EventDelays;
}

/** Lambda in this process, its functions in processes of their own: the Invoke API and the durable executions. */
export class LambdaEmulator {
  readonly faults = new LambdaFaults();
  readonly runner: FunctionRunner;
  readonly durable: DurableService;
  /** Events that were given up, in the order in which they were. */
  readonly failedEvents: FailedEvent[] = [];
  readonly #functions: readonly FunctionModel[];
  readonly #access: AccessControl;
  readonly #events: EventQueue;
  #endpoint: HttpEndpoint | null = null;

  constructor({ functions, access, unreservedConcurrency = 1000, delays = shortDelays }: LambdaEmulatorOptions) {
    this.#functions = functions;
    this.#access = access;
    this.runner = new FunctionRunner({ unreservedConcurrency });
    this.#events = new EventQueue({
      delays,
      deliver: (event) => this.#deliver(event),
      onFailed: (event) => this.#noteFailure(event),
    });
    this.durable = new DurableService({
      run: (target, payload) => this.#run(target, payload),
      callFunction: (caller, name, payload) => callChained(this, caller, name, payload),
    });
  }

  /** @param endpoints further services, in the names of the SDK's environment variables */
  async start(endpoints: Readonly<Record<string, string>> = {}): Promise<string> {
    this.#endpoint = await openHttpEndpoint((request, response) => this.#answer(request, response), refuseByRestJson);
    this.runner.endpoints = { ...endpoints, AWS_ENDPOINT_URL_LAMBDA: this.#endpoint.url };
    return this.#endpoint.url;
  }

  /** Events that are neither done nor given up. */
  get eventsUnderWay(): number {
    return this.#events.size;
  }

  /** Invokes as a service of AWS does that has a role, such as the scheduler. */
  invokeEvent(roleName: string, reference: string, payload: Buffer): void {
    const target = this.permit(callerOfRole(roleName), reference);
    this.acceptEvent(target, payload, invokeOf(target, 'Event', payload));
  }

  /** Ends everything that runs; settles when the processes are gone. */
  async stop(): Promise<void> {
    this.#events.stop();
    this.durable.close();
    await this.runner.stop();
    await this.#endpoint?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local');
    const caller = callerOf(request.headers, url.searchParams);
    const asked: LambdaRequest = { request, response, url, caller, access: this.#access };
    if (await answerDurable(asked, this.durable)) return;
    const [, version, functions, reference = '', verb] = url.pathname.split('/').map(decodeURIComponent);
    if (version === '2016-08-19' && functions === 'account-settings') return this.#answerSettings(asked);
    if (version === '2015-03-31' && functions === 'functions' && verb === 'invocations')
      return answerInvoke(asked, reference, this);
    throw new AwsError(404, 'UnknownOperationException', `${request.method} ${url.pathname} is not emulated`);
  }

  #answerSettings({ access, caller, response }: LambdaRequest): void {
    access.check(caller, { action: 'lambda:GetAccountSettings', resource: '*' });
    const reserved = this.#functions.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);
    const unreserved = this.runner.unreservedConcurrency;
    const AccountLimit = { ConcurrentExecutions: unreserved + reserved, UnreservedConcurrentExecutions: unreserved };
    sendJson(response, 200, {
      AccountLimit,
      AccountUsage: { FunctionCount: this.#functions.length, TotalCodeSize: 0 },
    });
  }

  /** The target, if the caller may invoke it: rights are asked before whether it exists. */
  permit(caller: Caller | null, reference: string): FunctionTarget {
    const { name, qualifier } = parseFunctionName(reference);
    this.#access.check(caller, { action: 'lambda:InvokeFunction', resource: functionArn(name, qualifier) });
    return findTarget(this.#functions, reference);
  }

  /** Takes an event on; the answer's headers name the durable execution that it started. */
  acceptEvent(target: FunctionTarget, payload: Buffer, invoke: Invoke): Record<string, string> {
    const copies = this.faults.duplicatesAfterMs(invoke);
    if (target.model.durable) {
      const execution = this.durable.start(target, invoke.durableExecutionName, payload);
      for (const _ of copies) this.durable.start(target, invoke.durableExecutionName, payload);
      return { 'x-amz-durable-execution-arn': execution.arn };
    }
    const event: QueuedEvent = { requestId: randomUUID(), target, payload };
    for (const afterMs of [0, ...copies]) this.#events.accept(event, afterMs);
    return {};
  }

  /**
   * Runs a function or a durable execution to its end.
   * @throws AwsError 429 when it is throttled
   */
  async invokeNow(target: FunctionTarget, payload: Buffer, invoke: Invoke): Promise<Invoked> {
    if (!target.model.durable) {
      const run = this.#run(target, payload);
      if (!run) throw throttled('ConcurrentInvocationLimitExceeded');
      return { result: await run.result, headers: {} };
    }
    const execution = this.durable.start(target, invoke.durableExecutionName, payload);
    await execution.over;
    const { status, result, error, arn } = execution;
    const report = { errorType: error?.ErrorType, errorMessage: error?.ErrorMessage };
    const answer: InvocationResult =
      status === 'SUCCEEDED'
        ? { payload: Buffer.from(result ?? 'null'), functionError: null }
        : { payload: Buffer.from(JSON.stringify(report)), functionError: 'Unhandled' };
    return { result: answer, headers: { 'x-amz-durable-execution-arn': arn } };
  }

  /** Runs a function, or says that it is throttled; sets the processes' ends that a test has asked for. */
  #run(target: FunctionTarget, payload: Buffer, id?: string): Run | null {
    const run = this.runner.run(target, payload, id);
    if (!run) return null;
    const timers = this.faults
      .killsAfterMs(invokeOf(target, 'RequestResponse', payload))
      .map((ms) => setTimeout(() => run.kill(), ms));
    void run.result.then(() => timers.forEach(clearTimeout));
    return run;
  }

  async #deliver({ target, payload, requestId }: QueuedEvent): Promise<InvocationResult | null> {
    if (this.faults.isThrottledInQueue(invokeOf(target, 'Event', payload))) return null;
    return (await this.#run(target, payload, requestId)?.result) ?? null;
  }

  /** Lambda sends to the failure queue in the name of the function's role; without the right the event is lost. */
  #noteFailure(event: FailedEvent): void {
    const model = this.#functions.find(({ name }) => name === event.functionName);
    const access = { action: 'sqs:SendMessage', resource: event.queue ?? '' };
    try {
      if (event.queue !== null && model) this.#access.check(callerOfRole(model.roleName), access);
      this.failedEvents.push(event);
    } catch {
      this.failedEvents.push({ ...event, queue: null });
    }
  }
}
