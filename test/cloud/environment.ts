import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { environmentVariables } from './environment-variables.ts';
import type { FunctionLog } from './function-log.ts';
import type { FunctionTarget } from './function-target.ts';
import { type HttpEndpoint, openHttpEndpoint, readBody, refuseByRestJson, sendJson } from './http-endpoint.ts';
import { peakMemoryMb } from './peak-memory.ts';
import type { ProcessReaper } from './process-reaper.ts';

export interface Invocation {
  readonly id: string;
  readonly target: FunctionTarget;
  readonly payload: Buffer;
}

export interface InvocationResult {
  readonly payload: Buffer;
  /** `Unhandled` when the function failed, by itself or by the platform's hand. */
  readonly functionError: 'Unhandled' | null;
}

export interface EnvironmentOptions {
  readonly target: FunctionTarget;
  /** Where the services of the local cloud are, in the SDK's names. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
  readonly reaper: ProcessReaper;
}

/** Lambda gives an init 10 s; here it may share a small machine with many others. */
const initTimeoutMs = 30_000;

/**
 * One execution environment: an OS process that runs one invocation at a time and is frozen between them. It ends at
 * a timeout or crash, or when it is killed, and whatever ran in it fails.
 */
export class Environment {
  readonly id = randomUUID();
  readonly target: FunctionTarget;
  readonly #log: FunctionLog;
  readonly #reaper: ProcessReaper;
  readonly #endpoints: Readonly<Record<string, string>>;
  readonly #exited = Promise.withResolvers<void>();
  #endpoint: HttpEndpoint | null = null;
  #child: ChildProcess | null = null;
  #waiting: ServerResponse | null = null;
  #current: { invocation: Invocation; settle: (result: InvocationResult) => void } | null = null;
  #initError: Buffer | null = null;
  #timer: NodeJS.Timeout | undefined;
  #dead = false;

  constructor({ target, endpoints, log, reaper }: EnvironmentOptions) {
    this.target = target;
    this.#log = log;
    this.#reaper = reaper;
    this.#endpoints = endpoints;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** What is running now; null between invocations. */
  get invocation(): Invocation | null {
    return this.#current?.invocation ?? null;
  }

  /** Starts the process on the first call; settles when the function has answered, failed, or the process has ended. */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { promise, resolve } = Promise.withResolvers<InvocationResult>();
    this.#current = { invocation, settle: resolve };
    const startedMs = performance.now();
    if (this.#child) this.#deliver();
    else this.#start().catch((error: unknown) => this.#fail('Runtime.Unknown', String(error)));
    const result = await promise;
    // What the function has printed lies in the pipe by now; one turn of the loop reads it.
    await nextTurn();
    this.#log.end(invocation, performance.now() - startedMs, peakMemoryMb(this.#child?.pid));
    return result;
  }

  /** Ends the process at once; settles when it is gone. */
  async kill(): Promise<void> {
    this.#dead = true;
    const pid = this.#child?.pid;
    if (pid !== undefined && this.#child?.exitCode === null && this.#child.signalCode === null) signal(pid, 'SIGKILL');
    else this.#exited.resolve();
    await this.#exited.promise;
    await this.#endpoint?.close();
  }

  async #start(): Promise<void> {
    this.#limit(initTimeoutMs, 'the init timed out');
    this.#endpoint = await openHttpEndpoint((request, response) => this.#answer(request, response), refuseByRestJson);
    if (this.#dead) return;
    const { model } = this.target;
    const client = join(import.meta.dirname, 'runtime-client.mjs');
    const child = spawn(process.execPath, [`--max-old-space-size=${model.memoryMb}`, client], {
      cwd: model.codeFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environmentVariables(this.target, this.id, this.#endpoint.url, this.#endpoints) },
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) this.#reaper.add(child.pid);
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => this.#log.add(line));
    child.on('error', (error) => this.#fail('Runtime.Unknown', error.message));
    child.on('exit', (code, killedBy) => this.#ended(code, killedBy));
  }

  /** Answers the Runtime API. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      this.#waiting = response;
      if (this.#current) this.#deliver();
      else this.#signal('SIGSTOP');
      return;
    }
    const payload = await readBody(request);
    sendJson(response, 202, { status: 'OK' });
    if (path === 'init/error') this.#initError = payload;
    const [, id, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (id !== undefined && id === this.#current?.invocation.id)
      this.#settle({ payload, functionError: kind === 'error' ? 'Unhandled' : null });
  }

  /** Hands the current invocation to the process that waits for it, and wakes it. */
  #deliver(): void {
    const [response, current] = [this.#waiting, this.#current];
    if (!response || !current) return;
    this.#waiting = null;
    const { invocation } = current;
    const { timeoutSeconds } = this.target.model;
    const timedOut = `Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
    this.#limit(timeoutSeconds * 1000, `RequestId: ${invocation.id} ${timedOut}`);
    this.#log.start(invocation);
    this.#signal('SIGCONT');
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutSeconds * 1000),
      'lambda-runtime-invoked-function-arn': invocation.target.arn,
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    response.end(invocation.payload);
  }

  /** Ends the process unless the invocation comes to its next state in time. */
  #limit(ms: number, message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail('Sandbox.Timedout', message), ms);
  }

  #settle(result: InvocationResult): void {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = null;
    current?.settle(result);
  }

  /** Ends the process by the platform's hand. */
  #fail(errorType: string, errorMessage: string): void {
    this.#log.add(errorMessage);
    this.#settle({ payload: errorPayload(errorType, errorMessage), functionError: 'Unhandled' });
    void this.kill();
  }

  #ended(code: number | null, killedBy: NodeJS.Signals | null): void {
    this.#dead = true;
    this.#exited.resolve();
    if (this.#child?.pid !== undefined) this.#reaper.remove(this.#child.pid);
    const how = killedBy === null ? `exit status ${code}` : `signal: ${killedBy}`;
    const message = `RequestId: ${this.invocation?.id ?? ''} Error: Runtime exited with error: ${how}`;
    this.#settle({
      payload: this.#initError ?? errorPayload('Runtime.ExitError', message),
      functionError: 'Unhandled',
    });
    void this.#endpoint?.close();
  }

  #signal(name: NodeJS.Signals): void {
    if (this.#child?.pid !== undefined && !this.#dead) signal(this.#child.pid, name);
  }
}

const errorPayload = (errorType: string, errorMessage: string) =>
  Buffer.from(JSON.stringify({ errorType, errorMessage }));

/** Signals the whole group, which the process leads. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended already.
  }
}
