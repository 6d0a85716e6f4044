import type { OperationUpdate } from '@aws-sdk/client-lambda';
import { type Fault, FaultList } from './fault-list.ts';

/** A checkpoint as faults see it. */
export interface Checkpoint {
  readonly functionName: string;
  readonly executionName: string;
  /** From 1, over all invocations of the execution. */
  readonly ordinal: number;
  readonly updates: readonly OperationUpdate[];
}

export type CheckpointMatch = (checkpoint: Checkpoint) => boolean;

/** `before`: the checkpoint is not stored; `after`: it is stored, its answer not sent. */
export type CheckpointMoment = 'before' | 'after';

type Effect =
  | { readonly kind: 'crash'; readonly moment: CheckpointMoment }
  | { readonly kind: 'lose_answer' }
  | { readonly kind: 'refuse'; readonly status: number };

/** Faults of the durable service that a test sets; each strikes the checkpoints it matches, by default once. */
export class DurableFaults {
  readonly #list = new FaultList<Checkpoint, Effect>();

  /** Ends the function's process at a checkpoint. */
  crash(match: CheckpointMatch, moment: CheckpointMoment, times = 1): Fault {
    return this.#list.add(match, { kind: 'crash', moment }, times);
  }

  /** Stores the checkpoint and drops the connection; the SDK asks again. */
  answerLost(match: CheckpointMatch, times = 1): Fault {
    return this.#list.add(match, { kind: 'lose_answer' }, times);
  }

  /** Refuses the checkpoint with TooManyRequestsException (429) or ServiceException (any other status). */
  refuse(match: CheckpointMatch, status: number, times = 1): Fault {
    return this.#list.add(match, { kind: 'refuse', status }, times);
  }

  strike(checkpoint: Checkpoint): readonly Effect[] {
    return this.#list.strike(checkpoint);
  }
}
