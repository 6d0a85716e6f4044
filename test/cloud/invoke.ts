import type { FunctionTarget } from './function-target.ts';

export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** A call of the Invoke API as faults see it. */
export interface Invoke {
  readonly functionName: string;
  readonly qualifier: string | null;
  readonly type: InvocationType;
  readonly durableExecutionName: string | null;
  /** Parsed JSON. */
  readonly event: unknown;
}

export function invokeOf(
  { model, qualifier }: FunctionTarget,
  type: InvocationType,
  payload: Buffer,
  durableExecutionName: string | null = null,
): Invoke {
  const event: unknown = JSON.parse(payload.toString());
  return { functionName: model.name, qualifier, type, durableExecutionName, event };
}
