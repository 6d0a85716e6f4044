import { AwsError } from './aws-error.ts';
import { account, type EventInvokeModel, type FunctionModel, region } from './stack-model.ts';

/** A function by the qualifier under which it is invoked. */
export interface FunctionTarget {
  readonly model: FunctionModel;
  /** Null for none. */
  readonly qualifier: string | null;
  readonly version: string;
  /** With the qualifier, as policies and the handler's context see it. */
  readonly arn: string;
}

/** Splits a name, partial ARN or ARN, with or without a qualifier. */
export function parseFunctionName(reference: string): { name: string; qualifier: string | null } {
  const [name = '', qualifier = null] = reference.replace(/^.*function:/, '').split(':');
  return { name, qualifier };
}

export function functionArn(name: string, qualifier: string | null): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}${qualifier === null ? '' : `:${qualifier}`}`;
}

/** @throws AwsError 404 when there is no such function, version or alias */
export function findTarget(functions: readonly FunctionModel[], reference: string): FunctionTarget {
  const { name, qualifier } = parseFunctionName(reference);
  const arn = functionArn(name, qualifier);
  const model = functions.find((one) => one.name === name);
  if (!model) throw new AwsError(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
  if (qualifier === null || qualifier === '$LATEST') return { model, qualifier, version: '$LATEST', arn };
  if (/^\d+$/.test(qualifier)) return { model, qualifier, version: qualifier, arn };
  const version = model.aliases[qualifier];
  if (version === undefined) throw new AwsError(404, 'ResourceNotFoundException', `Cannot find alias arn: ${arn}`);
  return { model, qualifier, version, arn };
}

const defaults: EventInvokeModel = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailure: null };

/** How events are tried again: what is configured on this very qualifier, else Lambda's defaults. */
export const eventInvokeOf = ({ model, qualifier }: FunctionTarget) =>
  model.eventInvoke[qualifier ?? '$LATEST'] ?? defaults;
