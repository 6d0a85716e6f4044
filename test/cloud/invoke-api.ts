import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import type { LambdaRequest } from './durable-api.ts';
import { type FunctionTarget, parseFunctionName } from './function-target.ts';
import { readBody } from './http-endpoint.ts';
import { type InvocationType, invokeOf } from './invoke.ts';
import type { Invoked, LambdaEmulator } from './lambda-emulator.ts';

const mebibyte = 2 ** 20;
/** Bytes that an invoke's payload may have (docs.aws.amazon.com: Lambda quotas). */
const payloadLimits: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6 * mebibyte,
  Event: mebibyte,
  DryRun: 6 * mebibyte,
};
const answerLimitBytes = 6 * mebibyte;

/** Answers Lambda's Invoke. */
export async function answerInvoke(asked: LambdaRequest, reference: string, lambda: LambdaEmulator): Promise<void> {
  const { request, response, url, caller } = asked;
  const { headers } = request;
  const type = (headers['x-amz-invocation-type'] ?? 'RequestResponse') as InvocationType;
  const body = await readBody(request);
  const target = lambda.permit(caller, qualified(reference, url.searchParams.get('Qualifier')));
  const payload = checkedPayload(body, type);
  const name = headers['x-amz-durable-execution-name'];
  const invoke = invokeOf(target, type, payload, typeof name === 'string' ? name : null);
  if (lambda.faults.isThrottled(invoke)) throw throttled('CallerRateLimitExceeded');
  if (type === 'DryRun') return void response.writeHead(204).end();
  const invoked =
    type === 'Event'
      ? { result: null, headers: lambda.acceptEvent(target, payload, invoke) }
      : await lambda.invokeNow(target, payload, invoke);
  if (lambda.faults.isAnswerLost(invoke)) return void response.destroy();
  if (invoked.result === null) return void response.writeHead(202, withId(invoked.headers)).end();
  const tail = headers['x-amz-log-type'] === 'Tail' ? lambda.runner.logOf(target.model).tail : null;
  sendResult(response, target, invoked, tail);
}

const withId = (headers: Readonly<Record<string, string>>) => ({ 'x-amzn-requestid': randomUUID(), ...headers });

function sendResult(
  response: ServerResponse,
  { version }: FunctionTarget,
  { result, headers }: Invoked,
  tail: string | null,
): void {
  const isLarge = result.payload.length > answerLimitBytes;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${answerLimitBytes} bytes).`;
  const report = JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-amz-executed-version': version,
    ...((isLarge || result.functionError) && { 'x-amz-function-error': 'Unhandled' }),
    ...(tail !== null && { 'x-amz-log-result': Buffer.from(tail).toString('base64') }),
    ...withId(headers),
  });
  response.end(isLarge ? report : result.payload);
}

export const throttled = (Reason: string) =>
  new AwsError(429, 'TooManyRequestsException', 'Rate Exceeded.', { details: { Reason } });

/** @throws AwsError when the reference bears another qualifier than the query */
function qualified(reference: string, qualifier: string | null): string {
  const own = parseFunctionName(reference).qualifier;
  if (qualifier === null || own === qualifier) return reference;
  if (own === null) return `${reference}:${qualifier}`;
  throw new AwsError(400, 'InvalidParameterValueException', 'The derived qualifier does not match the given one.');
}

/**
 * A payload as the function gets it, `{}` for none.
 * @throws AwsError when it is too large or no JSON
 */
export function checkedPayload(payload: Buffer, type: InvocationType): Buffer {
  if (payload.length > payloadLimits[type]) {
    const message = `${payload.length} byte payload is too large for the ${type} invocation type (limit ${payloadLimits[type]} bytes)`;
    throw new AwsError(413, 'RequestTooLargeException', message);
  }
  const event = payload.length === 0 ? Buffer.from('{}') : payload;
  try {
    JSON.parse(event.toString());
  } catch (cause) {
    throw new AwsError(400, 'InvalidRequestContentException', 'Could not parse request body into json', { cause });
  }
  return event;
}
