import type { Operation, OperationUpdate } from '@aws-sdk/client-lambda';

/** When an open operation ends or goes on by itself, and why. */
export interface Due {
  readonly atMs: number;
  readonly why: 'wait' | 'retry' | 'Callback.Timeout' | 'Callback.Heartbeat';
}

/** What an update says about the operation of its type. */
export interface UpdateReading {
  readonly details: Partial<Operation>;
  readonly due?: Due;
  /** How long a callback may stay without a heartbeat. */
  readonly heartbeatMs?: number;
}

/** @param before the operation as it stood; undefined for a new one */
export function readUpdate(update: OperationUpdate, before: Operation | undefined, nowMs: number): UpdateReading {
  const { Type, Action, Payload, Error: failure } = update;
  if (Type === 'STEP') return readStep(update, before, nowMs);
  if (Type === 'CONTEXT' && Action !== 'START') {
    const { ReplayChildren } = update.ContextOptions ?? {};
    return { details: { ContextDetails: { Result: Payload, Error: failure, ReplayChildren } } };
  }
  if (Type === 'WAIT' && Action === 'START') {
    const atMs = nowMs + 1000 * (update.WaitOptions?.WaitSeconds ?? 0);
    return { details: { WaitDetails: { ScheduledEndTimestamp: new Date(atMs) } }, due: { atMs, why: 'wait' } };
  }
  if (Type === 'CALLBACK' && Action === 'START') return readCallback(update, nowMs);
  return { details: {} };
}

function readStep(update: OperationUpdate, before: Operation | undefined, nowMs: number): UpdateReading {
  const { Action, Payload, Error: failure, StepOptions } = update;
  const attempts = before?.StepDetails?.Attempt;
  if (Action === 'START') return { details: { StepDetails: { Attempt: attempts } } };
  const tried = { Attempt: (attempts ?? 0) + 1, Result: Payload, Error: failure };
  if (Action !== 'RETRY') return { details: { StepDetails: tried } };
  const atMs = nowMs + 1000 * (StepOptions?.NextAttemptDelaySeconds ?? 0);
  const StepDetails = { ...tried, NextAttemptTimestamp: new Date(atMs) };
  return { details: { Status: 'PENDING', StepDetails }, due: { atMs, why: 'retry' } };
}

function readCallback({ CallbackOptions }: OperationUpdate, nowMs: number): UpdateReading {
  const { TimeoutSeconds = 0, HeartbeatTimeoutSeconds = 0 } = CallbackOptions ?? {};
  return {
    details: { CallbackDetails: { CallbackId: crypto.randomUUID() } },
    ...(TimeoutSeconds > 0 && { due: { atMs: nowMs + 1000 * TimeoutSeconds, why: 'Callback.Timeout' } }),
    ...(HeartbeatTimeoutSeconds > 0 && { heartbeatMs: 1000 * HeartbeatTimeoutSeconds }),
  };
}
