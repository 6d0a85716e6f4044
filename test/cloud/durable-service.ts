import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { DurableExecution } from './durable-execution.ts';
import { DurableFaults } from './durable-faults.ts';
import type { Run } from './function-runner.ts';
import type { FunctionTarget } from './function-target.ts';
import type { Outcome } from './operation-log.ts';

export interface DurableServiceOptions {
  /** Runs a function; null when it is throttled. */
  readonly run: (target: FunctionTarget, payload: Buffer) => Run | null;
  /** Invokes a function in the name of the role of another. */
  readonly callFunction: (caller: FunctionTarget, functionName: string, payload: string) => Promise<Outcome>;
}

/** All durable executions, by ARN, by name and by callback. */
export class DurableService {
  readonly faults = new DurableFaults();
  readonly #options: DurableServiceOptions;
  readonly #executions = new Map<string, DurableExecution>();

  constructor(options: DurableServiceOptions) {
    this.#options = options;
  }

  get executions(): readonly DurableExecution[] {
    return [...this.#executions.values()];
  }

  /** The execution of a name, whichever function runs it. */
  named(name: string): DurableExecution | undefined {
    return this.executions.find((execution) => execution.name === name);
  }

  /**
   * Starts an execution, or answers the one that bears the name already and was started with the same payload.
   * @throws AwsError 409 when the name was started with another payload; 400 when the name or the qualifier won't do
   */
  start(target: FunctionTarget, givenName: string | null, payload: Buffer): DurableExecution {
    if (target.qualifier === null) throw invalid('You cannot invoke a durable function using an unqualified ARN.');
    const name = givenName ?? randomUUID();
    if (!/^[\w-]{1,64}$/.test(name))
      throw invalid(`the durable execution name ${name} does not satisfy [A-Za-z0-9-_]{1,64}`);
    const input = payload.toString();
    const { model } = target;
    const same = this.executions.find((one) => one.name === name && one.target.model.name === model.name);
    if (same && same.input === input) return same;
    if (same) {
      const message = `Durable execution ${name} already exists with another payload`;
      throw new AwsError(409, 'DurableExecutionAlreadyStartedException', message);
    }
    const execution = new DurableExecution({
      target,
      name,
      input,
      run: (event) => this.#options.run(target, event),
      callFunction: (functionName, event) => this.#options.callFunction(target, functionName, event),
    });
    this.#executions.set(execution.arn, execution);
    void execution.drive();
    return execution;
  }

  /** @throws AwsError 404 when there is none */
  get(arn: string): DurableExecution {
    const execution = this.#executions.get(arn);
    if (!execution) throw new AwsError(404, 'ResourceNotFoundException', `Durable execution not found: ${arn}`);
    return execution;
  }

  /** The open callback of an id, with its execution. */
  callback(callbackId: string): { readonly execution: DurableExecution; readonly operationId: string } {
    for (const execution of this.executions) {
      const operation = execution.operations.callback(callbackId);
      if (operation?.Id !== undefined) return { execution, operationId: operation.Id };
    }
    throw invalid(`the callback id ${callbackId} is not known`);
  }

  /** Ends all executions, so that nothing is invoked any more. */
  close(): void {
    for (const execution of this.executions) execution.stop(undefined);
  }
}

const invalid = (message: string) => new AwsError(400, 'InvalidParameterValueException', message);
