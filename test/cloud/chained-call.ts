import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from './aws-error.ts';
import { callerOfRole } from './caller.ts';
import { errorOf } from './durable-answer.ts';
import type { FunctionTarget } from './function-target.ts';
import { invokeOf } from './invoke.ts';
import { checkedPayload } from './invoke-api.ts';
import type { Invoked, LambdaEmulator } from './lambda-emulator.ts';
import type { Outcome } from './operation-log.ts';

/** Another function's work inside a durable execution, in the name of the caller's role; every failure is an outcome. */
export async function callChained(
  lambda: LambdaEmulator,
  caller: FunctionTarget,
  reference: string,
  payload: string,
): Promise<Outcome> {
  try {
    const target = lambda.permit(callerOfRole(caller.model.roleName), reference);
    const event = checkedPayload(Buffer.from(payload), 'Event');
    const invoke = invokeOf(target, 'Event', event);
    const { result } = await untilLetIn(() => lambda.invokeNow(target, event, invoke));
    const text = result.payload.toString();
    if (result.functionError === null) return { status: 'SUCCEEDED', result: text };
    const error = errorOf(JSON.parse(text));
    return { status: error.ErrorType === 'Sandbox.Timedout' ? 'TIMED_OUT' : 'FAILED', error };
  } catch (error) {
    const { code, message } = error instanceof AwsError ? error : { code: 'ServiceException', message: String(error) };
    return { status: 'FAILED', error: { ErrorType: code, ErrorMessage: message } };
  }
}

/** Tries again while the function is throttled. */
async function untilLetIn(attempt: () => Promise<Invoked>): Promise<Invoked> {
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AwsError) || error.status !== 429) throw error;
    }
    await sleep(waitMs, undefined, { ref: false });
  }
}
