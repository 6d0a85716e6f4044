import type { ErrorObject } from '@aws-sdk/client-lambda';
import type { InvocationResult } from './environment.ts';

/** What an invocation of a durable function came to. */
export type DurableAnswer =
  | { readonly status: 'SUCCEEDED'; readonly result: string | undefined }
  | { readonly status: 'FAILED' | 'CRASHED'; readonly error: ErrorObject }
  | { readonly status: 'PENDING' };

/** Reads the durable SDK's answer; a function error of any kind is a crash, after which the function runs again. */
export function readDurableAnswer({ payload, functionError }: InvocationResult): DurableAnswer {
  const answer: unknown = JSON.parse(payload.toString());
  if (functionError !== null) return { status: 'CRASHED', error: errorOf(answer) };
  const { Status, Result, Error: failure } = (answer ?? {}) as Record<string, unknown>;
  if (Status === 'SUCCEEDED') return { status: Status, result: Result as string | undefined };
  if (Status === 'PENDING') return { status: Status };
  if (Status === 'FAILED') return { status: Status, error: (failure ?? {}) as ErrorObject };
  const ErrorMessage = `the function answered no status of a durable execution: ${payload.toString().slice(0, 200)}`;
  return { status: 'FAILED', error: { ErrorType: 'InvalidOutput', ErrorMessage } };
}

/** A function error in the words of the durable API. */
export function errorOf(report: unknown): ErrorObject {
  const { errorType, errorMessage } = (report ?? {}) as { errorType?: string; errorMessage?: string };
  return { ErrorType: errorType, ErrorMessage: errorMessage };
}
