import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { type LambdaClientOptions, lambdaClient } from '../../lib/fleet/lambda-client.ts';
import { lambdaFleet } from '../../lib/fleet/lambda-fleet.ts';
import type { Assignment } from '../../lib/plan/assignment.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';

const workerArn = 'arn:aws:lambda:eu-west-1:123456789012:function:worker:live';

interface Asked {
  readonly path: string;
  readonly type: string | undefined;
  readonly body: string;
}

type Script = (asked: Asked, response: ServerResponse) => void;

/** A fleet before a server that answers as a test says. */
async function scriptedFleet(context: TestContext, script: Script, { attempts, ...options }: LambdaClientOptions = {}) {
  const asked: Asked[] = [];
  let [atOnce, mostAtOnce] = [0, 0];
  const server = createServer((request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.on('close', () => {
      atOnce -= 1;
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const type = request.headers['x-amz-invocation-type']?.toString();
      const one = { path: decodeURIComponent(request.url ?? ''), type, body: Buffer.concat(chunks).toString() };
      asked.push(one);
      script(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const client = lambdaClient({ region: 'eu-west-1', credentials, endpoint, attempts: 1, ...options });
  const clock = systemClock();
  const fleet = lambdaFleet({ worker: workerArn, clock, client, ...(attempts && { attempts }) });
  return { fleet, asked, mostAtOnce: () => mostAtOnce };
}

const accept: Script = (_, response) => response.writeHead(202).end();
const refuse = (response: ServerResponse, status: number, name: string, message: string) =>
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
    .end(JSON.stringify({ Type: 'User', message, Message: message }));

const workerOf = ({ body }: Asked) => (JSON.parse(body) as Assignment).worker;
const assignments = (count: number) =>
  Array.from({ length: count }, (_, worker) =>
    sampleAssignment({ startsAtEpochMs: 0, worker, design: { workers: count } }),
  );

describe('a launch invokes the alias once for each assignment', () => {
  test('as an event whose payload is the assignment', async (context) => {
    const { fleet, asked } = await scriptedFleet(context, accept);
    const [first] = assignments(1);
    assert.ok(first);
    assert.deepEqual(await fleet.launch([first]), [{ worker: 0, accepted: true, reason: null }]);
    assert.deepEqual(asked[0], {
      path: `/2015-03-31/functions/${workerArn}/invocations`,
      type: 'Event',
      body: JSON.stringify(first),
    });
  });
  test('50 at a time and no more, results in the order of the assignments', { timeout: 20_000 }, async (context) => {
    const held: (() => void)[] = [];
    const { fleet, asked, mostAtOnce } = await scriptedFleet(context, (one, response) => {
      held.push(() => accept(one, response));
      if (held.length === 50) setTimeout(() => held.forEach((answer) => void answer()), 100);
      if (asked.length > 50) accept(one, response);
    });
    const results = await fleet.launch(assignments(120));
    assert.deepEqual(
      results.map(({ worker, accepted }) => [worker, accepted]),
      Array.from({ length: 120 }, (_, worker) => [worker, true]),
    );
    assert.equal(asked.length, 120);
    assert.equal(mostAtOnce(), 50);
  });
  test('of no assignments: nothing is asked', async (context) => {
    const { fleet, asked } = await scriptedFleet(context, accept);
    assert.deepEqual(await fleet.launch([]), []);
    assert.equal(asked.length, 0);
  });
});

const passing = [
  { why: 'throttled', status: 429, name: 'TooManyRequestsException' },
  { why: 'failing for the moment', status: 500, name: 'ServiceException' },
] as const;

describe('what passes is tried again, so many times', () => {
  for (const { why, status, name } of passing) {
    test(`${why} once: accepted then`, { timeout: 20_000 }, async (context) => {
      let left = 1;
      const { fleet, asked } = await scriptedFleet(context, (one, response) => {
        if (left-- > 0) refuse(response, status, name, 'later');
        else accept(one, response);
      });
      assert.equal((await fleet.launch(assignments(1)))[0]?.accepted, true);
      assert.equal(asked.length, 2);
    });
    test(`${why} for good: refused in the platform's words after the last attempt`, async (context) => {
      const attempts = 2;
      const { fleet, asked } = await scriptedFleet(
        context,
        (_, response) => refuse(response, status, name, 'Rate exceeded.'),
        { attempts },
      );
      assert.deepEqual(await fleet.launch(assignments(1)), [
        { worker: 0, accepted: false, reason: `${name}: Rate exceeded` },
      ]);
      assert.equal(asked.length, attempts);
    });
  }
});

describe('a launch of many, half of them throttled at first', () => {
  test('all are accepted in the end', { timeout: 30_000 }, async (context) => {
    const throttled = new Set<number>();
    const { fleet, asked } = await scriptedFleet(context, (one, response) => {
      const worker = workerOf(one);
      if (worker % 2 === 0 && !throttled.has(worker)) {
        throttled.add(worker);
        refuse(response, 429, 'TooManyRequestsException', 'Rate exceeded.');
      } else accept(one, response);
    });
    const results = await fleet.launch(assignments(400));
    assert.equal(results.filter(({ accepted }) => accepted).length, 400);
    assert.equal(asked.length, 600);
  });
});

describe('a refusal is a result of its worker, and of no other', () => {
  test('half of them: the others are accepted', async (context) => {
    const { fleet } = await scriptedFleet(context, (one, response) => {
      if (workerOf(one) % 2 === 0)
        refuse(response, 403, 'AccessDeniedException', 'not authorized to perform: lambda:InvokeFunction');
      else accept(one, response);
    });
    const results = await fleet.launch(assignments(4));
    assert.deepEqual(
      results.map(({ accepted }) => accepted),
      [false, true, false, true],
    );
    assert.equal(results[0]?.reason, 'AccessDeniedException: not authorized to perform: lambda:InvokeFunction');
  });
  test('a payload that is too large is not tried again', async (context) => {
    const { fleet, asked } = await scriptedFleet(context, (_, response) =>
      refuse(
        response,
        413,
        'RequestTooLargeException',
        '1048577 byte payload is too large for the Event invocation type',
      ),
    );
    assert.match((await fleet.launch(assignments(1)))[0]?.reason ?? '', /^RequestTooLargeException: 1048577 byte/);
    assert.equal(asked.length, 1);
  });
  test('an answer that does not come in time', async (context) => {
    const { fleet, asked } = await scriptedFleet(context, () => undefined, { attempts: 2, answerWithinMs: 150 });
    const [result] = await fleet.launch(assignments(1));
    assert.equal(result?.accepted, false);
    assert.match(result?.reason ?? '', /^TimeoutError: /);
    assert.equal(asked.length, 2);
  });
  test('words without end are cut', async (context) => {
    const { fleet } = await scriptedFleet(context, (_, response) =>
      refuse(response, 400, 'InvalidRequestContentException', 'x'.repeat(100_000)),
    );
    assert.equal((await fleet.launch(assignments(1)))[0]?.reason?.length, 300);
  });
});

describe('the capacity of a fleet with executions of its own', () => {
  test('is those, and nobody is asked', async () => {
    const fleet = lambdaFleet({ worker: workerArn, clock: systemClock(), reserved: 7 });
    assert.equal(await fleet.capacity(), 7);
  });
});

describe("the capacity is the account's unreserved concurrency less 10, of a small account less a fifth", () => {
  const limits = [
    { unreserved: 1000, capacity: 990, why: 'an account of some age' },
    { unreserved: 50, capacity: 40, why: 'ten are a fifth' },
    { unreserved: 10, capacity: 8, why: 'a new account' },
    { unreserved: 0, capacity: 0, why: 'all reserved: never below none' },
  ];
  for (const { unreserved, capacity, why } of limits) {
    test(`${unreserved}: ${capacity}, ${why}`, async (context) => {
      const { fleet, asked } = await scriptedFleet(context, (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: unreserved },
          }),
        ),
      );
      assert.equal(await fleet.capacity(), capacity);
      assert.equal(asked[0]?.path, '/2016-08-19/account-settings');
    });
  }
  test('without the right to ask: an error that names it', async (context) => {
    const { fleet } = await scriptedFleet(context, (_, response) =>
      refuse(response, 403, 'AccessDeniedException', 'User is not authorized'),
    );
    await assert.rejects(fleet.capacity(), {
      name: 'FleetError',
      code: 'AccessDeniedException',
      message: /needs lambda:GetAccountSettings/,
    });
  });
});

test('who is gone can not be known', async (context) => {
  const { fleet } = await scriptedFleet(context, accept);
  assert.deepEqual(fleet.gone(1), []);
});
