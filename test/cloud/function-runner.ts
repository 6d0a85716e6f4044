import { randomUUID } from 'node:crypto';
import { Environment, type Invocation, type InvocationResult } from './environment.ts';
import { FunctionLog } from './function-log.ts';
import type { FunctionTarget } from './function-target.ts';
import { type ProcessReaper, startProcessReaper } from './process-reaper.ts';
import type { FunctionModel } from './stack-model.ts';

/** An invocation that was let in. */
export interface Run {
  readonly result: Promise<InvocationResult>;
  /** Ends the process in which it runs. */
  kill(): void;
}

export interface RunnerOptions {
  /** Executions that all functions without a reservation may have at once. */
  readonly unreservedConcurrency: number;
}

/** Runs functions in environments, as many at once as concurrency allows. */
export class FunctionRunner {
  readonly unreservedConcurrency: number;
  /** Where the services are; set before the first function runs. */
  endpoints: Readonly<Record<string, string>> = {};
  readonly #environments = new Set<Environment>();
  readonly #logs = new Map<string, FunctionLog>();
  readonly #reaper: ProcessReaper = startProcessReaper();

  constructor({ unreservedConcurrency }: RunnerOptions) {
    this.unreservedConcurrency = unreservedConcurrency;
  }

  /** Runs a function in an idle environment or a new one; null when it is throttled. */
  run(target: FunctionTarget, payload: Buffer, id: string = randomUUID()): Run | null {
    if (this.#isFull(target.model)) return null;
    const environment = this.#idle(target) ?? this.#open(target);
    const result = environment.invoke({ id, target, payload }).finally(() => {
      if (environment.isDead) this.#environments.delete(environment);
    });
    return { result, kill: () => void environment.kill() };
  }

  /** Invocations that run now. */
  get running(): readonly Invocation[] {
    return [...this.#environments].flatMap(({ invocation }) => invocation ?? []);
  }

  /** Environments that are alive, busy or frozen. */
  environmentsOf(functionName: string): number {
    return this.#of(functionName).length;
  }

  /** Ends the processes whose invocations match, and says how many that were. */
  killRunning(match: (invocation: Invocation) => boolean): number {
    const doomed = [...this.#environments].filter(({ invocation }) => invocation && match(invocation));
    for (const environment of doomed) void environment.kill();
    return doomed.length;
  }

  /** Ends the process of an environment, whose id its credentials bear. */
  killEnvironment(id: string): boolean {
    const environment = [...this.#environments].find((one) => one.id === id);
    void environment?.kill();
    return environment !== undefined;
  }

  logOf(model: FunctionModel): FunctionLog {
    const log = this.#logs.get(model.name) ?? new FunctionLog(model.memoryMb);
    this.#logs.set(model.name, log);
    return log;
  }

  /** Ends all processes; settles when they are gone. */
  async stop(): Promise<void> {
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
    this.#reaper.close();
  }

  #of(functionName: string): Environment[] {
    return [...this.#environments].filter(({ isDead, target }) => !isDead && target.model.name === functionName);
  }

  /** The environment of this version that was used last. */
  #idle({ model, version }: FunctionTarget): Environment | undefined {
    return this.#of(model.name).findLast(({ invocation, target }) => !invocation && target.version === version);
  }

  #open(target: FunctionTarget): Environment {
    const { endpoints, reaper, log } = {
      endpoints: this.endpoints,
      reaper: this.#reaper,
      log: this.logOf(target.model),
    };
    const environment = new Environment({ target, endpoints, log, reaper });
    this.#environments.add(environment);
    return environment;
  }

  #isFull({ name, reservedConcurrency }: FunctionModel): boolean {
    const busy = [...this.#environments].filter(({ invocation, isDead }) => invocation && !isDead);
    const reserved = busy.filter(({ target }) => target.model.name === name).length;
    if (reservedConcurrency !== null) return reserved >= reservedConcurrency;
    const unreserved = busy.filter(({ target }) => target.model.reservedConcurrency === null).length;
    return unreserved >= this.unreservedConcurrency;
  }
}
