import type { ErrorObject, Operation, OperationUpdate } from '@aws-sdk/client-lambda';
import { AwsError } from './aws-error.ts';
import { type Due, readUpdate } from './operation-update.ts';

export interface OperationLimits {
  /** Operations of one execution, each retry of a step counted. */
  readonly operations: number;
  /** Bytes of one operation's payload. */
  readonly payloadBytes: number;
}

/** What the durable SDK and our plan count on. */
export const serviceLimits: OperationLimits = { operations: 3000, payloadBytes: 256 * 1024 };

/** How an operation that waits on the outside ends. */
export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly result: string | undefined }
  | { readonly status: 'FAILED' | 'TIMED_OUT' | 'STOPPED'; readonly error: ErrorObject };

const ended = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'STOPPED']);

/** The operations of one durable execution; time is an argument, in milliseconds since the epoch. */
export class OperationLog {
  readonly #operations = new Map<string, Operation>();
  readonly #limits: OperationLimits;
  /** When an open operation ends or goes on by itself. */
  readonly #due = new Map<string, Due>();
  readonly #heartbeatMs = new Map<string, number>();
  /** Changed since the function was last told. */
  readonly #news = new Set<string>();
  #metered = 0;

  constructor(execution: { readonly id: string; readonly input: string }, nowMs: number, limits = serviceLimits) {
    this.#limits = limits;
    this.#operations.set(execution.id, {
      Id: execution.id,
      Type: 'EXECUTION',
      Status: 'STARTED',
      StartTimestamp: new Date(nowMs),
      ExecutionDetails: { InputPayload: execution.input },
    });
  }

  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  /** Whether anything is under way that can wake the function. */
  get isWaiting(): boolean {
    return [...this.#operations.values()].some(
      ({ Type, Status }) =>
        Status === 'PENDING' ||
        (Status === 'STARTED' && (Type === 'WAIT' || Type === 'CALLBACK' || Type === 'CHAINED_INVOKE')),
    );
  }

  /** Null when nothing happens by itself. */
  get nextDueMs(): number | null {
    return this.#due.size === 0 ? null : Math.min(...[...this.#due.values()].map(({ atMs }) => atMs));
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  callback(callbackId: string): Operation | undefined {
    return [...this.#operations.values()].find(({ CallbackDetails }) => CallbackDetails?.CallbackId === callbackId);
  }

  /** Operations by the name that the function gave them. */
  named(name: string): readonly Operation[] {
    return [...this.#operations.values()].filter(({ Name }) => Name === name);
  }

  /**
   * What the function is shown: all but the descendants of contexts that have ended, unless they are to be replayed.
   */
  visible(): readonly Operation[] {
    return [...this.#operations.values()].filter(({ ParentId }) => {
      for (let id = ParentId; id !== undefined; id = this.#operations.get(id)?.ParentId) {
        const parent = this.#operations.get(id);
        if (ended.has(parent?.Status ?? '') && !parent?.ContextDetails?.ReplayChildren) return false;
      }
      return true;
    });
  }

  /** The operations that changed since this was last called; the function is told each change once. */
  takeNews(): readonly Operation[] {
    const changed = [...this.#news].flatMap((id) => this.#operations.get(id) ?? []);
    this.#news.clear();
    return changed;
  }

  /**
   * Stores the updates of one checkpoint, all or none.
   * @throws AwsError when an update breaks a limit or changes an operation that has ended
   */
  apply(updates: readonly OperationUpdate[], nowMs: number): void {
    const metered = this.#metered + updates.filter((update) => this.#isMetered(update)).length;
    if (metered > this.#limits.operations) throw invalid(`more than ${this.#limits.operations} operations`);
    for (const { Id = '', Name, Payload = '' } of updates) {
      if (ended.has(this.#operations.get(Id)?.Status ?? '')) throw invalid(`the operation ${Name ?? Id} has ended`);
      if (Buffer.byteLength(Payload) > this.#limits.payloadBytes)
        throw invalid(`the payload of ${Name ?? Id} exceeds ${this.#limits.payloadBytes} bytes`);
    }
    this.#metered = metered;
    for (const update of updates) this.#store(update, nowMs);
  }

  #isMetered({ Id = '', Action }: OperationUpdate): boolean {
    return Action === 'RETRY' || !this.#operations.has(Id);
  }

  #store(update: OperationUpdate, nowMs: number): void {
    const { Id = '', Type, Action } = update;
    const before = this.#operations.get(Id);
    const started: Operation = before ?? {
      Id,
      ParentId: update.ParentId,
      Name: update.Name,
      Type,
      SubType: update.SubType,
      StartTimestamp: new Date(nowMs),
      Status: 'STARTED',
    };
    const isEnd = Action === 'SUCCEED' || Action === 'FAIL' || Action === 'CANCEL';
    const status = Action === 'SUCCEED' ? 'SUCCEEDED' : Action === 'FAIL' ? 'FAILED' : isEnd ? 'CANCELLED' : 'STARTED';
    const end = isEnd ? { EndTimestamp: new Date(nowMs) } : {};
    const { details, due, heartbeatMs } = readUpdate(update, before, nowMs);
    this.#operations.set(Id, { ...started, Status: status, ...end, ...details });
    this.#news.add(Id);
    if (isEnd) this.#due.delete(Id);
    if (due) this.#due.set(Id, due);
    if (heartbeatMs !== undefined) this.#heartbeatMs.set(Id, heartbeatMs);
    this.heartbeat(Id, nowMs);
  }

  /** Puts a callback's heartbeat timeout off. */
  heartbeat(id: string, nowMs: number): void {
    const everyMs = this.#heartbeatMs.get(id);
    if (everyMs === undefined || ended.has(this.#operations.get(id)?.Status ?? '')) return;
    this.#due.set(`${id}${heartbeat}`, { atMs: nowMs + everyMs, why: 'Callback.Heartbeat' });
  }

  /** Ends an operation from outside; nothing happens when it has ended already. */
  complete(id: string, outcome: Outcome, nowMs: number): void {
    const operation = this.#operations.get(id);
    if (!operation || ended.has(operation.Status ?? '')) return;
    const details = outcome.status === 'SUCCEEDED' ? { Result: outcome.result } : { Error: outcome.error };
    this.#operations.set(id, {
      ...operation,
      Status: outcome.status,
      EndTimestamp: new Date(nowMs),
      ...(operation.Type === 'CALLBACK' && { CallbackDetails: { ...operation.CallbackDetails, ...details } }),
      ...(operation.Type === 'CHAINED_INVOKE' && { ChainedInvokeDetails: details }),
    });
    this.#due.delete(id);
    this.#due.delete(`${id}${heartbeat}`);
    this.#news.add(id);
  }

  /** Lets everything happen that is due by now. */
  passTime(nowMs: number): void {
    const due = [...this.#due].filter(([, { atMs }]) => atMs <= nowMs);
    for (const [key, { why }] of due) {
      this.#due.delete(key);
      const id = key.replace(heartbeat, '');
      const operation = this.#operations.get(id);
      if (why === 'wait') this.complete(id, { status: 'SUCCEEDED', result: undefined }, nowMs);
      else if (why === 'retry' && operation) {
        this.#operations.set(id, { ...operation, Status: 'READY' });
        this.#news.add(id);
      } else
        this.complete(
          id,
          { status: 'TIMED_OUT', error: { ErrorType: why, ErrorMessage: 'Callback timed out' } },
          nowMs,
        );
    }
  }
}

const heartbeat = '#heartbeat';

const invalid = (message: string) => new AwsError(400, 'InvalidParameterValueException', message);
