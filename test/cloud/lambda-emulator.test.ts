import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  GetAccountSettingsCommand,
  InvokeCommand,
  type InvokeCommandInput,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { AccessControl } from './access-control.ts';
import { roleVariables } from './caller.ts';
import { functionModel } from './fixtures/function-model.ts';
import { lambdaClient } from './fixtures/lambda-client.ts';
import { until } from './fixtures/until.ts';
import { LambdaEmulator } from './lambda-emulator.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:failures';
const eventInvoke = { live: { maximumRetryAttempts: 1, maximumEventAgeSeconds: 3600, onFailure: null } };
const sendToQueue = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue } as const;
const lambda = new LambdaEmulator({
  functions: [
    functionModel('plain', { variables: { GREETING: 'hello' } }),
    functionModel('narrow', { reservedConcurrency: 1 }),
    functionModel('short', { timeoutSeconds: 1 }),
    functionModel('broken', { codeFolder: join(import.meta.dirname, 'fixtures/broken') }),
    functionModel('events', { eventInvoke, deadLetterQueue: queue }),
    functionModel('impatient', {
      reservedConcurrency: 0,
      eventInvoke: { live: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60, onFailure: queue } },
    }),
    functionModel('mute', {
      deadLetterQueue: queue,
      eventInvoke: { live: { ...eventInvoke.live, maximumRetryAttempts: 0 } },
    }),
  ],
  access: new AccessControl({
    roles: new Map([
      [
        'caller',
        [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:*:function:plain:live' }],
      ],
      ['events-role', [sendToQueue]],
      ['impatient-role', [sendToQueue]],
      ['mute-role', []],
    ]),
    buckets: new Map(),
  }),
  unreservedConcurrency: 20,
  delays: { retryMs: [50, 50], throttledMs: 50, ageSecondMs: 10 },
});
let client: LambdaClient;
let url: string;

before(async () => {
  url = await lambda.start({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' });
  client = lambdaClient(url);
});
after(async () => {
  client.destroy();
  await lambda.stop();
});

const send = (FunctionName: string, event: unknown, more: Partial<InvokeCommandInput> = {}, by = client) =>
  by.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));

async function invoke(name: string, event: unknown = {}, more: Partial<InvokeCommandInput> = {}) {
  const { Payload, FunctionError, ExecutedVersion } = await send(name, event, more);
  return { answer: JSON.parse(Payload?.transformToString() ?? 'null'), FunctionError, ExecutedVersion };
}

const named = (name: string, status: number) => (error: { name: string; $metadata: { httpStatusCode?: number } }) => {
  assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status]);
  return true;
};

describe('invoking', () => {
  test('the handler gets the event, a deadline, its ARN and version, and the environment of the template', async () => {
    const keys = ['GREETING', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_ENDPOINT_URL_S3', 'HOME'];
    const { answer, ExecutedVersion } = await invoke('plain:live', { keys, n: 7 });
    assert.equal(answer.event.n, 7);
    assert.ok(answer.remainingMs > 9000 && answer.remainingMs <= 10_000, `${answer.remainingMs} ms left`);
    assert.equal(answer.arn, 'arn:aws:lambda:us-east-1:000000000000:function:plain:live');
    assert.deepEqual([answer.version, ExecutedVersion], ['1', '1']);
    assert.deepEqual(answer.variables, {
      GREETING: 'hello',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'ASIA-plain-role',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    });
  });

  const references = [
    { reference: 'plain', version: '$LATEST', why: 'a bare name' },
    { reference: 'plain:live', version: '1', why: 'a name with its alias' },
    { reference: 'arn:aws:lambda:us-east-1:000000000000:function:plain:live', version: '1', why: 'a full ARN' },
    { reference: '000000000000:function:plain', version: '$LATEST', why: 'a partial ARN' },
  ];
  for (const { reference, version, why } of references)
    test(`${why} names the function`, async () => {
      assert.equal((await invoke(reference)).ExecutedVersion, version);
    });

  test('an environment is one process, used again and frozen between invocations', async () => {
    const first = await invoke('plain:live');
    await new Promise((resolve) => setTimeout(resolve, 400));
    const second = await invoke('plain:live');
    assert.equal(second.answer.pid, first.answer.pid);
    assert.equal(second.answer.invocations, first.answer.invocations + 1);
    const ticked = second.answer.ticks - first.answer.ticks;
    assert.ok(ticked < 20, `a timer of 10 ms ticked ${ticked} times while 400 ms passed`);
  });

  test('invocations at the same time run in processes of their own', async () => {
    const both = await Promise.all([invoke('plain:live', { ms: 300 }), invoke('plain:live', { ms: 300 })]);
    assert.notEqual(both[0]?.answer.pid, both[1]?.answer.pid);
  });

  test('a dry run answers 204 and runs nothing', async () => {
    const { StatusCode } = await send('mute:live', {}, { InvocationType: 'DryRun' });
    assert.equal(StatusCode, 204);
    assert.equal(lambda.runner.environmentsOf('mute'), 0);
  });

  test('the tail of the log comes on demand, with the platform lines around what was printed', async () => {
    const { LogResult } = await send('plain:live', { print: 'a line of mine' }, { LogType: 'Tail' });
    const log = Buffer.from(LogResult ?? '', 'base64').toString();
    assert.match(
      log,
      /START RequestId: [^\n]+\na line of mine\nEND RequestId: [^\n]+\nREPORT .*Max Memory Used: \d+ MB/,
    );
  });

  test('a long line of the log stays one line', async () => {
    const line = 'y'.repeat(300_000);
    await invoke('plain:live', { print: line });
    assert.ok(lambda.runner.logOf(functionModel('plain')).text.split('\n').includes(line));
  });

  test('account settings tell the concurrency that a sweep may count on', async () => {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    assert.deepEqual(AccountLimit, { ConcurrentExecutions: 21, UnreservedConcurrentExecutions: 20 });
  });
});

describe('refusals of the API', () => {
  const refusals = [
    { why: 'no such function', name: 'absent:live', error: ['ResourceNotFoundException', 404] },
    { why: 'no such alias', name: 'plain:staging', error: ['ResourceNotFoundException', 404] },
    {
      why: 'an event over 1 MiB',
      name: 'plain:live',
      event: 'x'.repeat(2 ** 20),
      more: { InvocationType: 'Event' },
      error: ['RequestTooLargeException', 413],
    },
    {
      why: 'a payload over 6 MiB',
      name: 'plain:live',
      event: 'x'.repeat(6 * 2 ** 20),
      error: ['RequestTooLargeException', 413],
    },
    {
      why: 'no JSON',
      name: 'plain:live',
      more: { Payload: Buffer.from('{') },
      error: ['InvalidRequestContentException', 400],
    },
    {
      why: 'two qualifiers',
      name: 'plain:live',
      more: { Qualifier: '1' },
      error: ['InvalidParameterValueException', 400],
    },
  ] as const;
  for (const { why, name, error, ...rest } of refusals)
    test(`${why}: ${error[0]}`, async () => {
      const { event = {}, more = {} } = { event: undefined, more: undefined, ...rest };
      await assert.rejects(send(name, event, more), named(error[0], error[1]));
    });

  test('a role may invoke the alias that its policy names, not the bare function', async () => {
    const role = lambdaClient(url, roleVariables('caller', 'test'));
    assert.equal((await send('plain:live', {}, {}, role)).StatusCode, 200);
    await assert.rejects(send('plain', {}, {}, role), named('AccessDeniedException', 403));
    await assert.rejects(role.send(new GetAccountSettingsCommand({})), named('AccessDeniedException', 403));
    role.destroy();
  });
});

describe('functions that fail', () => {
  const failures = [
    { why: 'an exception', event: { fail: 'no' }, type: 'RangeError', message: /^no$/ },
    { why: 'an exit', event: { exit: 3 }, type: 'Runtime.ExitError', message: /exit status 3/ },
    { why: 'too little memory', event: { grow: true }, type: 'Runtime.ExitError', message: /signal: SIGABRT/ },
    {
      why: 'an answer over 6 MiB',
      event: { answerBytes: 2 ** 23 },
      type: 'Function.ResponseSizeTooLarge',
      message: /size/,
    },
  ];
  for (const { why, event, type, message } of failures)
    test(`${why}: ${type}, and the next invocation finds a sound environment`, async () => {
      const { answer, FunctionError } = await invoke('plain:live', event);
      assert.deepEqual([FunctionError, answer.errorType], ['Unhandled', type]);
      assert.match(answer.errorMessage, message);
      assert.equal((await invoke('plain:live')).FunctionError, undefined);
    });

  test('a module that cannot be loaded: the error of the init', async () => {
    const { answer } = await invoke('broken:live');
    assert.deepEqual([answer.errorType, answer.errorMessage], ['TypeError', 'this module cannot be loaded']);
  });

  test('a timeout ends the process: Sandbox.Timedout', async () => {
    const { answer } = await invoke('short:live', { ms: 5000 });
    assert.equal(answer.errorType, 'Sandbox.Timedout');
    assert.match(answer.errorMessage, /Task timed out after 1.00 seconds/);
    assert.equal((await invoke('short:live')).answer.invocations, 1);
  });

  test('a process that a test ends while it runs fails its invocation', async () => {
    const fault = lambda.faults.killAfter(({ event }) => (event as { doomed?: boolean }).doomed === true, 200);
    const { answer } = await invoke('plain:live', { doomed: true, ms: 5000 });
    assert.equal(answer.errorType, 'Runtime.ExitError');
    assert.equal(fault.hits, 1);
  });
});

describe('throttling', () => {
  test('reserved concurrency bounds a function: the one above is refused with 429', async () => {
    const running = invoke('narrow:live', { ms: 500 });
    await until('the first invocation', () =>
      lambda.runner.running.find(({ target }) => target.model.name === 'narrow'),
    );
    await assert.rejects(send('narrow:live', {}), named('TooManyRequestsException', 429));
    assert.equal((await running).FunctionError, undefined);
  });

  test('the API refuses what a test throttles, and nothing else', async () => {
    const isEven = ({ event }: { event: unknown }) => (event as { n: number }).n % 2 === 0;
    const fault = lambda.faults.throttle(isEven);
    const outcomes = await Promise.allSettled(
      [0, 1, 2, 3].map((n) => send('mute:live', { n }, { InvocationType: 'Event' })),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal(fault.hits, 2);
    fault.end();
  });
});

describe('events', () => {
  const accept = async (name: string, event: unknown) => {
    const { StatusCode } = await send(name, event, { InvocationType: 'Event' });
    assert.equal(StatusCode, 202);
  };
  const failedEvent = (mark: string) =>
    until(`the failure of ${mark}`, () =>
      lambda.failedEvents.find(({ event }) => (event as { mark: string }).mark === mark),
    );

  test('an event that fails is tried again as configured on its qualifier, then goes to the failure queue', async () => {
    await accept('events:live', { mark: 'failing', fail: 'always' });
    const { condition, invokes, answer, ...failed } = await failedEvent('failing');
    assert.deepEqual([failed.queue, condition, invokes], [queue, 'RetriesExhausted', 2]);
    assert.equal((answer as { errorMessage: string }).errorMessage, 'always');
  });

  test('another qualifier has the defaults of Lambda: two retries', async () => {
    await accept('events', { mark: 'unqualified', fail: 'always' });
    assert.equal((await failedEvent('unqualified')).invokes, 3);
  });

  test('an event that stays throttled is given up when it is too old, without an invocation', async () => {
    await accept('impatient:live', { mark: 'old' });
    const { condition, invokes, queue: sentTo } = await failedEvent('old');
    assert.deepEqual([condition, invokes, sentTo], ['EventAgeExceeded', 0, queue]);
  });

  test('an event that is throttled a while arrives late', async () => {
    const fault = lambda.faults.throttleInQueue(({ event }) => (event as { mark?: string }).mark === 'late', 2);
    await accept('plain:live', { mark: 'late', print: 'the late one' });
    await until('the late event', () => /the late one/.exec(lambda.runner.logOf(functionModel('plain')).text));
    assert.equal(fault.hits, 2);
  });

  test('a role without the right to the failure queue loses the event', async () => {
    await accept('mute:live', { mark: 'lost', fail: 'always' });
    assert.equal((await failedEvent('lost')).queue, null);
  });

  test('an event that is delivered twice runs twice, under one request id', async () => {
    lambda.faults.duplicate(({ event }) => (event as { mark?: string }).mark === 'twice');
    const before = lambda.runner.logOf(functionModel('plain')).text.length;
    await accept('plain:live', { mark: 'twice', print: 'twice' });
    const log = () => lambda.runner.logOf(functionModel('plain')).text.slice(before);
    await until('both', () => (log().match(/^END/gm)?.length === 2 ? true : null));
    const ids = [...log().matchAll(/^START RequestId: (\S+)/gm)].map(([, id]) => id);
    assert.deepEqual([ids.length, new Set(ids).size], [2, 1]);
  });

  test('an invoke whose answer is lost has been carried out', async () => {
    lambda.faults.answerLost(({ event }) => (event as { mark?: string }).mark === 'unheard');
    await assert.rejects(send('plain:live', { mark: 'unheard', print: 'heard' }, { InvocationType: 'Event' }), {
      code: 'ECONNRESET',
    });
    await until('the event', () => /heard/.exec(lambda.runner.logOf(functionModel('plain')).text));
  });
});
