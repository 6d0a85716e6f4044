import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorObject, Operation, OperationUpdate } from '@aws-sdk/client-lambda';
import type { AccessControl } from './access-control.ts';
import { AwsError } from './aws-error.ts';
import type { Caller } from './caller.ts';
import type { DurableExecution } from './durable-execution.ts';
import type { Checkpoint } from './durable-faults.ts';
import type { DurableService } from './durable-service.ts';
import { functionArn, parseFunctionName } from './function-target.ts';
import { readBody, sendJson } from './http-endpoint.ts';

/** A request to the Lambda endpoint, its signature read. */
export interface LambdaRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly caller: Caller | null;
  readonly access: AccessControl;
}

const prefix = '/2025-12-01/';

/** Answers the durable part of Lambda's API; false when the path belongs to another part. */
export async function answerDurable(asked: LambdaRequest, service: DurableService): Promise<boolean> {
  const path = asked.url.pathname;
  if (!path.startsWith(prefix)) return false;
  const [kind, id = '', verb = ''] = path.slice(prefix.length).split('/').map(decodeURIComponent);
  if (kind === 'durable-executions') await answerExecution(asked, service, id, verb);
  else if (kind === 'durable-execution-callbacks') await answerCallback(asked, service, id, verb);
  else if (kind === 'functions' && verb === 'durable-executions') listExecutions(asked, service, id);
  else throw new AwsError(404, 'UnknownOperationException', `${path} is not emulated`);
  return true;
}

async function answerExecution(
  asked: LambdaRequest,
  service: DurableService,
  arn: string,
  verb: string,
): Promise<void> {
  const { access, caller, response, request, url } = asked;
  const may = (operation: string) => access.check(caller, { action: `lambda:${operation}`, resource: arn });
  switch (verb) {
    case 'checkpoint':
      may('CheckpointDurableExecution');
      return answerCheckpoint(asked, service, service.get(arn));
    case 'state': {
      may('GetDurableExecutionState');
      const { searchParams: query } = url;
      const maxItems = Number(query.get('MaxItems') ?? 0);
      const { operations, next } = service
        .get(arn)
        .state(query.get('CheckpointToken') ?? '', query.get('Marker') || null, maxItems);
      return sendJson(response, 200, { Operations: operations.map(inEpochSeconds), NextMarker: next });
    }
    case 'stop': {
      may('StopDurableExecution');
      const text = (await readBody(request)).toString();
      service.get(arn).stop(text === '' ? undefined : (JSON.parse(text) as ErrorObject));
      return sendJson(response, 200, { StopTimestamp: Date.now() / 1000 });
    }
    case '':
      may('GetDurableExecution');
      return sendJson(response, 200, descriptionOf(service.get(arn)));
    default:
      throw new AwsError(404, 'UnknownOperationException', `${verb} is not emulated`);
  }
}

async function answerCheckpoint(asked: LambdaRequest, service: DurableService, execution: DurableExecution) {
  const body = JSON.parse((await readBody(asked.request)).toString()) as {
    readonly CheckpointToken: string;
    readonly ClientToken?: string;
    readonly Updates?: readonly OperationUpdate[];
  };
  execution.checkpoints += 1;
  const checkpoint: Checkpoint = {
    functionName: execution.target.model.name,
    executionName: execution.name,
    ordinal: execution.checkpoints,
    updates: body.Updates ?? [],
  };
  const faults = service.faults.strike(checkpoint);
  const crash = faults.find((fault) => fault.kind === 'crash');
  const refusal = faults.find((fault) => fault.kind === 'refuse');
  const cut = () => {
    if (crash) execution.crash();
    asked.response.destroy();
  };
  if (crash?.moment === 'before') return cut();
  if (refusal) {
    const code = refusal.status === 429 ? 'TooManyRequestsException' : 'ServiceException';
    throw new AwsError(refusal.status, code, 'A fault set by the test.');
  }
  const { token, operations } = execution.checkpoint({
    token: body.CheckpointToken,
    clientToken: body.ClientToken,
    updates: checkpoint.updates,
  });
  if (faults.some(({ kind }) => kind === 'crash' || kind === 'lose_answer')) return cut();
  const NewExecutionState = { Operations: operations.map(inEpochSeconds) };
  sendJson(asked.response, 200, { CheckpointToken: token, NewExecutionState });
}

async function answerCallback(asked: LambdaRequest, service: DurableService, id: string, verb: string): Promise<void> {
  const operation = { succeed: 'Success', fail: 'Failure', heartbeat: 'Heartbeat' }[verb];
  if (operation === undefined) throw new AwsError(404, 'UnknownOperationException', `${verb} is not emulated`);
  const { execution, operationId } = service.callback(id);
  const action = `lambda:SendDurableExecutionCallback${operation}`;
  asked.access.check(asked.caller, { action, resource: execution.arn });
  if (execution.status !== 'RUNNING' || execution.operations.get(operationId)?.Status !== 'STARTED')
    throw new AwsError(400, 'CallbackTimeoutException', 'The callback has expired or been closed already.');
  const text = (await readBody(asked.request)).toString();
  if (verb === 'heartbeat') execution.operations.heartbeat(operationId, Date.now());
  else if (verb === 'succeed') execution.complete(operationId, { status: 'SUCCEEDED', result: text });
  else execution.complete(operationId, { status: 'FAILED', error: JSON.parse(text || '{}') as ErrorObject });
  sendJson(asked.response, 200, {});
}

function listExecutions(
  { access, caller, response, url }: LambdaRequest,
  service: DurableService,
  reference: string,
): void {
  const { name } = parseFunctionName(reference);
  access.check(caller, { action: 'lambda:ListDurableExecutionsByFunction', resource: functionArn(name, null) });
  const [wanted, statuses] = [url.searchParams.get('DurableExecutionName'), url.searchParams.getAll('Statuses')];
  const found = service.executions
    .filter(({ target }) => target.model.name === name)
    .filter(
      (one) => (wanted === null || one.name === wanted) && (statuses.length === 0 || statuses.includes(one.status)),
    );
  sendJson(response, 200, { DurableExecutions: found.map(summaryOf) });
}

const summaryOf = (execution: DurableExecution) => ({
  DurableExecutionArn: execution.arn,
  DurableExecutionName: execution.name,
  FunctionArn: execution.target.arn,
  Status: execution.status,
  StartTimestamp: execution.startedAtEpochMs / 1000,
  EndTimestamp: execution.endedAtEpochMs === null ? undefined : execution.endedAtEpochMs / 1000,
});

const descriptionOf = (execution: DurableExecution) => ({
  ...summaryOf(execution),
  InputPayload: execution.input,
  Result: execution.result,
  Error: execution.error,
  Version: execution.target.version,
});

const seconds = (date: Date | undefined) => (date === undefined ? undefined : date.getTime() / 1000);

/** An operation in the API's JSON, whose times are seconds since the epoch; the event of an invocation has ISO text. */
function inEpochSeconds({ StartTimestamp, EndTimestamp, StepDetails, WaitDetails, ...rest }: Operation): unknown {
  return {
    ...rest,
    StartTimestamp: seconds(StartTimestamp),
    EndTimestamp: seconds(EndTimestamp),
    StepDetails: StepDetails && { ...StepDetails, NextAttemptTimestamp: seconds(StepDetails.NextAttemptTimestamp) },
    WaitDetails: WaitDetails && { ScheduledEndTimestamp: seconds(WaitDetails.ScheduledEndTimestamp) },
  };
}
