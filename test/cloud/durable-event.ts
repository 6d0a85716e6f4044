import type { Operation } from '@aws-sdk/client-lambda';

export interface OperationPage {
  readonly operations: readonly Operation[];
  /** Where the next page begins; null for the last. */
  readonly next: string | null;
}

/** Operations that are handed over at once; the function asks for further ones. */
const operationsPerPage = 100;

/** @param maxItems 0 for the default */
export function pageOf(all: readonly Operation[], from: number, maxItems = 0): OperationPage {
  const end = from + (maxItems || operationsPerPage);
  return { operations: all.slice(from, end), next: end < all.length ? String(end) : null };
}

/** The event with which a durable function is invoked, times in it as ISO text. */
export function durableEvent(execution: {
  readonly arn: string;
  readonly token: string;
  /** What has changed since the invocation before. */
  readonly updated: readonly Operation[];
  readonly operations: readonly Operation[];
}): Buffer {
  const { operations, next } = pageOf(execution.operations, 0);
  const event = {
    DurableExecutionArn: execution.arn,
    CheckpointToken: execution.token,
    UpdatedOperationIds: execution.updated.map(({ Id }) => Id),
    InitialExecutionState: { Operations: operations, NextMarker: next ?? undefined },
  };
  return Buffer.from(JSON.stringify(event));
}
