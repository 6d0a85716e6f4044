import type { Statement } from './iam.ts';

/** A deployed function as the template describes it. */
export interface FunctionModel {
  readonly name: string;
  readonly arn: string;
  readonly roleName: string;
  readonly codeFolder: string;
  /** `file.export`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | null;
  /** Null for a function whose execution is not durable. */
  readonly durable: { readonly executionTimeoutSeconds: number } | null;
  /** ARN of the dead-letter queue. */
  readonly deadLetterQueue: string | null;
  /** Alias → version; `$LATEST` and numbers need no entry. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Qualifier (`$LATEST` for none) → how events are tried again. */
  readonly eventInvoke: Readonly<Record<string, EventInvokeModel>>;
}

/** Lambda's own defaults: 2 retries, 6 hours. */
export interface EventInvokeModel {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** ARN of the queue that is told of events that failed. */
  readonly onFailure: string | null;
}

export interface ScheduleModel {
  readonly name: string;
  readonly group: string;
  readonly expression: string;
  readonly timeZone: string | null;
  readonly enabled: boolean;
  readonly targetArn: string;
  readonly roleName: string;
  /** The event, with the scheduler's own placeholders in it. */
  readonly input: string;
}

/** What a template deploys, as far as the local cloud carries it. */
export interface StackModel {
  readonly name: string;
  readonly description: string | null;
  readonly functions: readonly FunctionModel[];
  readonly buckets: readonly string[];
  /** ARNs. */
  readonly queues: readonly string[];
  readonly schedules: readonly ScheduleModel[];
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
  readonly bucketPolicies: ReadonlyMap<string, readonly Statement[]>;
  readonly outputs: Readonly<Record<string, string>>;
}

export const region = 'us-east-1';
export const account = '000000000000';
