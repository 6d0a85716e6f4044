import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  GetDurableExecutionCommand,
  InvokeCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackSuccessCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { AccessControl } from './access-control.ts';
import type { DurableExecution } from './durable-execution.ts';
import type { Checkpoint, CheckpointMoment } from './durable-faults.ts';
import { bundled } from './fixtures/bundled.ts';
import type { FlowEvent } from './fixtures/flow.ts';
import { functionModel } from './fixtures/function-model.ts';
import { lambdaClient } from './fixtures/lambda-client.ts';
import { until } from './fixtures/until.ts';
import { LambdaEmulator } from './lambda-emulator.ts';
import { managedPolicy } from './managed-policies.ts';

const durableRights = managedPolicy('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicDurableExecutionRolePolicy');
const invokePlain = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*:function:plain*' } as const;
const bundle = await bundled('flow.ts');
const traces = mkdtempSync(join(tmpdir(), 'traces-'));
const flow = (name: string, executionTimeoutSeconds = 60) =>
  functionModel(name, { codeFolder: bundle.folder, durable: { executionTimeoutSeconds } });
const lambda = new LambdaEmulator({
  functions: [flow('flow'), flow('brief', 2), flow('powerless'), functionModel('plain')],
  access: new AccessControl({
    roles: new Map([
      ['flow-role', [...durableRights, invokePlain]],
      ['brief-role', durableRights],
      ['powerless-role', []],
    ]),
    buckets: new Map(),
  }),
});
let client: LambdaClient;
before(async () => {
  client = lambdaClient(await lambda.start());
});
after(async () => {
  client.destroy();
  await lambda.stop();
  bundle.remove();
  rmSync(traces, { recursive: true });
});

let started = 0;

/** Starts a flow under a name of its own, by default a new one; the trace tells which bodies have run. */
async function start(event: Omit<FlowEvent, 'trace'>, functionName = 'flow', name = `execution-${started++}`) {
  const trace = join(traces, name);
  writeFileSync(trace, '');
  await send({ ...event, trace }, name, functionName);
  const execution = lambda.durable.named(name) as DurableExecution;
  const ran = () => readFileSync(trace, 'utf8').split('\n').filter(Boolean);
  const over = async () => {
    await execution.over;
    return {
      status: execution.status,
      result: JSON.parse(execution.result ?? 'null') as unknown,
      error: execution.error,
    };
  };
  return { execution, name, ran, over };
}

const send = (event: unknown, name: string, functionName = 'flow') =>
  client.send(
    new InvokeCommand({
      FunctionName: `${functionName}:live`,
      InvocationType: 'Event',
      DurableExecutionName: name,
      Payload: JSON.stringify(event),
    }),
  );

describe('an execution', { concurrency: 4 }, () => {
  test('runs each step once, though the function runs again after a wait', async () => {
    const { execution, ran, over } = await start({ kind: 'steps' });
    assert.deepEqual(await over(), { status: 'SUCCEEDED', result: 6, error: undefined });
    assert.deepEqual(ran(), ['first', 'second', 'third']);
    assert.equal(execution.invocations, 2);
  });

  test('a step that fails is tried again after its delay, and its last error ends the execution', async () => {
    const { ran, over } = await start({ kind: 'retry', count: 2 });
    const { status, error } = await over();
    assert.equal(status, 'FAILED');
    assert.match(error?.ErrorMessage ?? '', /failed/);
    assert.equal(ran().length, 2);
  });

  test('an exception of the function ends it as failed, with the error', async () => {
    const { over } = await start({ kind: 'throw' });
    const { status, error } = await over();
    assert.deepEqual([status, error?.ErrorType, error?.ErrorMessage], ['FAILED', 'TypeError', 'not today']);
  });

  test('is described and listed by the API', async () => {
    const { execution, name, over } = await start({ kind: 'throw' });
    await over();
    const described = await client.send(new GetDurableExecutionCommand({ DurableExecutionArn: execution.arn }));
    assert.deepEqual([described.DurableExecutionName, described.Status], [name, 'FAILED']);
    assert.equal(described.Error?.ErrorMessage, 'not today');
    assert.ok((described.EndTimestamp?.getTime() ?? 0) >= (described.StartTimestamp?.getTime() ?? Number.NaN));
    const command = { FunctionName: 'flow', DurableExecutionName: name };
    const { DurableExecutions } = await client.send(new ListDurableExecutionsByFunctionCommand(command));
    assert.deepEqual(
      DurableExecutions?.map((one) => one.DurableExecutionArn),
      [execution.arn],
    );
  });

  test('a synchronous invoke answers with the result of the execution', async () => {
    const Payload = JSON.stringify({ kind: 'wait', trace: '', seconds: 1 });
    const answer = await client.send(new InvokeCommand({ FunctionName: 'flow:live', Payload }));
    assert.equal(answer.Payload?.transformToString(), '"woken"');
    assert.match(answer.DurableExecutionArn ?? '', /function:flow:1\/durable-execution\//);
  });
});

describe('names', () => {
  test('the same name and payload answer the execution that runs already', async () => {
    const event = { kind: 'wait', trace: '', seconds: 1 };
    const [first, second] = [await send(event, 'same-name'), await send(event, 'same-name')];
    assert.equal(second.DurableExecutionArn, first.DurableExecutionArn);
    assert.equal(lambda.durable.executions.filter(({ name }) => name === 'same-name').length, 1);
  });

  test('the same name with another payload is refused', async () => {
    await send({ kind: 'wait', trace: '' }, 'taken');
    await assert.rejects(send({ kind: 'throw', trace: '' }, 'taken'), {
      name: 'DurableExecutionAlreadyStartedException',
    });
  });

  const refusals = [
    { why: 'a function without its qualifier', FunctionName: 'flow', DurableExecutionName: 'unqualified' },
    { why: 'a name of odd characters', FunctionName: 'flow:live', DurableExecutionName: 'a.b' },
    { why: 'a name over 64 characters', FunctionName: 'flow:live', DurableExecutionName: 'x'.repeat(65) },
  ];
  for (const { why, ...input } of refusals)
    test(`${why} is refused`, async () => {
      const command = new InvokeCommand({ ...input, InvocationType: 'Event', Payload: '{}' });
      await assert.rejects(client.send(command), { name: 'InvalidParameterValueException' });
    });
});

describe('what an execution waits for', { concurrency: 4 }, () => {
  const callbackOf = (ran: () => string[]) =>
    until('the callback', () =>
      ran()
        .find((line) => line.startsWith('callback='))
        ?.slice('callback='.length),
    );

  test('a callback that is answered wakes it before its timeout', async () => {
    const { ran, over } = await start({ kind: 'callback' });
    const CallbackId = await callbackOf(ran);
    await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result: '"stop"' }));
    assert.equal((await over()).result, '"stop"');
    const again = new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result: '"late"' });
    await assert.rejects(client.send(again), { name: 'CallbackTimeoutException' });
  });

  test('a callback that fails says with what', async () => {
    const { ran, over } = await start({ kind: 'callback' });
    const CallbackId = await callbackOf(ran);
    const refusal = { ErrorType: 'Refused', ErrorMessage: 'not mine' };
    await client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId, Error: refusal }));
    assert.equal((await over()).result, 'CallbackExternalError: not mine');
  });

  test('a callback that nobody answers times out', async () => {
    const { over } = await start({ kind: 'callback', seconds: 1 });
    assert.equal((await over()).result, 'CallbackTimeoutError: Callback timed out');
  });

  test('an unknown callback is refused', async () => {
    const command = new SendDurableExecutionCallbackSuccessCommand({ CallbackId: 'none' });
    await assert.rejects(client.send(command), { name: 'InvalidParameterValueException' });
  });

  const calls = [
    { why: 'its answer', input: { n: 1 }, result: /"n":1/ },
    { why: 'its error', input: { fail: 'broken' }, result: /failed: broken/ },
    { why: 'its exit', input: { exit: 1 }, result: /failed: .*exit status 1/ },
  ];
  for (const { why, input, result } of calls)
    test(`another function: ${why}`, async () => {
      const { over } = await start({ kind: 'call', callee: 'plain:live', input });
      const ended = await over();
      assert.equal(ended.status, 'SUCCEEDED');
      assert.match(JSON.stringify(ended.result), result);
    });

  test('another function that its role may not invoke: an error that says so', async () => {
    const { over } = await start({ kind: 'call', callee: 'brief:live', input: {} });
    assert.match(String((await over()).result), /flow-role is not authorized to perform: lambda:InvokeFunction/);
  });
});

describe('ends from outside', { concurrency: 4 }, () => {
  test('a stop ends it, and the function no longer runs', async () => {
    const { execution, over } = await start({ kind: 'wait', seconds: 60 });
    await until('the wait', () => execution.operations.named('pause')[0]);
    await client.send(new StopDurableExecutionCommand({ DurableExecutionArn: execution.arn }));
    assert.equal((await over()).status, 'STOPPED');
  });

  test('the execution timeout of the function ends it', async () => {
    const { over } = await start({ kind: 'wait', seconds: 60 }, 'brief');
    assert.equal((await over()).status, 'TIMED_OUT');
  });

  test('a role without the rights to checkpoint fails it', async () => {
    const { over } = await start({ kind: 'steps' }, 'powerless');
    const { status, error } = await over();
    assert.equal(status, 'FAILED');
    assert.match(error?.ErrorMessage ?? '', /not authorized to perform: lambda:CheckpointDurableExecution/);
  });
});

describe('limits', () => {
  test('a step may answer 256 KB, and no byte more', async () => {
    const quotes = 2;
    const fits = await start({ kind: 'large', count: 256 * 1024 - quotes });
    assert.equal((await fits.over()).result, 256 * 1024 - quotes);
    const exceeds = await start({ kind: 'large', count: 256 * 1024 - quotes + 1 });
    assert.match((await exceeds.over()).error?.ErrorMessage ?? '', /exceeds 262144 bytes/);
  });

  test('an execution of more operations than a page holds replays them all', async () => {
    const fault = lambda.durable.faults.crash((one) => one.executionName === 'many' && one.ordinal > 120, 'after');
    const { over, execution } = await start({ kind: 'many', count: 130 }, 'flow', 'many');
    assert.equal((await over()).result, 130);
    assert.deepEqual([fault.hits, execution.invocations], [1, 2]);
  });
});

describe('crashes', () => {
  const moments: readonly CheckpointMoment[] = ['before', 'after'];
  for (const moment of moments)
    test(`at each checkpoint, ${moment} it is stored: the same result, and no step ran more than twice`, async () => {
      const calm = await start({ kind: 'steps' });
      await calm.over();
      const crashAt = async (ordinal: number) => {
        const name = `crash-${moment}-${ordinal}`;
        const isThis = (one: Checkpoint) => one.executionName === name && one.ordinal === ordinal;
        const fault = lambda.durable.faults.crash(isThis, moment);
        const { ran, over } = await start({ kind: 'steps' }, 'flow', name);
        assert.equal((await over()).result, 6, `crash at checkpoint ${ordinal}`);
        assert.equal(fault.hits, 1);
        assert.deepEqual([...new Set(ran())], ['first', 'second', 'third']);
        assert.ok(ran().length <= 4, `ran ${ran()}`);
      };
      assert.ok(calm.execution.checkpoints >= 4);
      await Promise.all(Array.from({ length: calm.execution.checkpoints }, (_, index) => crashAt(index + 1)));
    });

  test('a checkpoint whose answer is lost is asked again and stored once', async () => {
    const fault = lambda.durable.faults.answerLost(({ ordinal }) => ordinal === 2);
    const { execution, ran, over } = await start({ kind: 'steps' });
    assert.equal((await over()).result, 6);
    assert.equal(fault.hits, 1);
    assert.deepEqual([ran().length, execution.invocations], [3, 2]);
  });

  test('a function that crashes before it has done anything, again and again, fails in the end', async () => {
    const { ran, over } = await start({ kind: 'exit' }, 'brief');
    const { status } = await over();
    assert.ok(['FAILED', 'TIMED_OUT'].includes(status));
    assert.ok(ran().length > 1);
  });
});
