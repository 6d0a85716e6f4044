import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { cloudTempo } from '../../lib/plan/tempo.ts';
import type { SecretReference } from '../../lib/spec/auth.ts';
import type { Clock } from '../../lib/timing/clock.ts';
import { type CloudSecretsOptions, cloudSecrets } from '../../lib/worker/secret.ts';
import { secretTurn } from '../../lib/worker/secret-turn.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';

interface Asked {
  readonly verb: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the region that the request was signed for. */
  readonly region: string;
}

type Answer = { readonly status?: number; readonly body: unknown; readonly afterMs?: number };

/** Both services, answering as a test says. */
async function scripted(
  context: TestContext,
  answer: (asked: Asked) => Answer | null,
  options: CloudSecretsOptions = {},
) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Asked = {
        verb: String(request.headers['x-amz-target']).split('.')[1] ?? '',
        input: JSON.parse(Buffer.concat(chunks).toString()) as Asked['input'],
        region: /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '',
      };
      asked.push(one);
      const answered = answer(one);
      if (answered === null) return;
      const { status = 200, body } = answered;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'x' };
  const ask = (more: CloudSecretsOptions) => cloudSecrets({ region: 'eu-west-1', endpoint, credentials, ...more });
  return { asked, ask, secrets: ask(options) };
}

const refusal = (type: string, message: string): Answer => ({
  status: 400,
  body: { __type: type, message, Message: message },
});
const key = 'sk-the-key-itself';
const arn = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:llm/key-AbCdEf';

const had: readonly { why: string; reference: SecretReference; body: unknown; asks: Asked }[] = [
  {
    why: 'a secret that is the key',
    reference: { secret: 'llm/key', field: null },
    body: { SecretString: key },
    asks: { verb: 'GetSecretValue', input: { SecretId: 'llm/key' }, region: 'eu-west-1' },
  },
  {
    why: 'a secret of another region, by its ARN',
    reference: { secret: arn, field: null },
    body: { SecretString: key },
    asks: { verb: 'GetSecretValue', input: { SecretId: arn }, region: 'us-west-2' },
  },
  {
    why: 'a field of a secret',
    reference: { secret: 'llm/key', field: 'apiKey' },
    body: { SecretString: JSON.stringify({ user: 'me', apiKey: key }) },
    asks: { verb: 'GetSecretValue', input: { SecretId: 'llm/key' }, region: 'eu-west-1' },
  },
  {
    why: 'a parameter, decrypted',
    reference: { parameter: '/llm/key' },
    body: { Parameter: { Value: key, Type: 'SecureString' } },
    asks: { verb: 'GetParameter', input: { Name: '/llm/key', WithDecryption: true }, region: 'eu-west-1' },
  },
];

describe('a key by reference', () => {
  for (const { why, reference, body, asks } of had) {
    test(why, async (context) => {
      const { secrets, asked } = await scripted(context, () => ({ body }));
      assert.equal(await secrets.resolve(reference), key);
      assert.deepEqual(asked, [asks]);
    });
  }
  test('a secret that is a number, which is JSON, is the key all the same', async (context) => {
    const { secrets } = await scripted(context, () => ({ body: { SecretString: '123456' } }));
    assert.equal(await secrets.resolve({ secret: 'llm/key', field: null }), '123456');
  });
  test('a service that fails for the moment is asked again', async (context) => {
    let left = 1;
    const { secrets, asked } = await scripted(context, () =>
      left-- > 0 ? { status: 500, body: { __type: 'InternalServiceError' } } : { body: { SecretString: key } },
    );
    assert.equal(await secrets.resolve({ secret: 'llm/key', field: null }), key);
    assert.equal(asked.length, 2);
  });
});

const plain: SecretReference = { secret: 'llm/key', field: null };
const field: SecretReference = { secret: 'llm/key', field: 'apiKey' };
const parameter: SecretReference = { parameter: '/llm/key' };
const stored = (text: string): Answer => ({ body: { SecretString: text } });

const missed: readonly { why: string; reference: SecretReference; answer: Answer; code: string; says: RegExp }[] = [
  {
    why: 'no such secret',
    reference: plain,
    answer: refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
    code: 'ResourceNotFoundException',
    says: /^can't read the secret "llm\/key": ResourceNotFoundException: .*Check its name, its region and its account/,
  },
  {
    why: 'no such parameter',
    reference: parameter,
    answer: refusal('ParameterNotFound', ''),
    code: 'ParameterNotFound',
    says: /^can't read the parameter "\/llm\/key": ParameterNotFound.*Check its name/,
  },
  {
    why: 'no right to read the secret',
    reference: plain,
    answer: refusal('AccessDeniedException', 'User is not authorized to perform: secretsmanager:GetSecretValue'),
    code: 'AccessDeniedException',
    says: /role needs secretsmanager:GetSecretValue on it: name it beside the host in allowedTargets, and deploy again/,
  },
  {
    why: 'no right to read the parameter',
    reference: parameter,
    answer: refusal('AccessDeniedException', 'User is not authorized to perform: ssm:GetParameter'),
    code: 'AccessDeniedException',
    says: /role needs ssm:GetParameter/,
  },
  {
    why: 'no right to use its KMS key',
    reference: plain,
    answer: refusal('AccessDeniedException', 'Access to KMS is not allowed'),
    code: 'AccessDeniedException',
    says: /give the worker's role kms:Decrypt/,
  },
  {
    why: 'a secret about to be deleted',
    reference: plain,
    answer: refusal('InvalidRequestException', 'You can’t perform this operation: it was marked for deletion.'),
    code: 'InvalidRequestException',
    says: /restore it, or name another/,
  },
  {
    why: 'bytes',
    reference: plain,
    answer: { body: { SecretBinary: Buffer.from(key).toString('base64') } },
    code: 'Binary',
    says: /the secret "llm\/key" holds bytes, not text/,
  },
  {
    why: 'nothing',
    reference: plain,
    answer: stored(''),
    code: 'Empty',
    says: /is empty: store the endpoint's key there/,
  },
  {
    why: 'a parameter without a value',
    reference: parameter,
    answer: { body: {} },
    code: 'Empty',
    says: /the parameter "\/llm\/key" is empty/,
  },
  {
    why: 'an object of which no field is named',
    reference: plain,
    answer: stored(JSON.stringify({ apiKey: key })),
    code: 'FieldNeeded',
    says: /is a JSON object: name the key of it .* under target\.auth\.field/,
  },
  {
    why: 'no object where a field is named',
    reference: field,
    answer: stored(key),
    code: 'NoJson',
    says: /is no JSON object, so that it has no field "apiKey"/,
  },
  {
    why: 'a list where a field is named',
    reference: field,
    answer: stored(JSON.stringify([key])),
    code: 'NoJson',
    says: /is no JSON object/,
  },
  {
    why: 'another field',
    reference: field,
    answer: stored(JSON.stringify({ [key]: key })),
    code: 'NoField',
    says: /has no field "apiKey": check target\.auth\.field/,
  },
  {
    why: 'a field that every object inherits',
    reference: { secret: 'llm/key', field: 'constructor' },
    answer: stored(JSON.stringify({ apiKey: key })),
    code: 'NoField',
    says: /has no field "constructor"/,
  },
  {
    why: 'a field that is no text',
    reference: field,
    answer: stored(JSON.stringify({ apiKey: { value: key } })),
    code: 'NoText',
    says: /the field "apiKey" of the secret "llm\/key" is no text/,
  },
  {
    why: 'an empty field',
    reference: field,
    answer: stored(JSON.stringify({ apiKey: '' })),
    code: 'Empty',
    says: /the field "apiKey" of the secret .* is empty/,
  },
  {
    why: 'a line end behind the key',
    reference: plain,
    answer: stored(`${key}\n`),
    code: 'Unsendable',
    says: /can't be sent in a header, such as a line end: store the key alone/,
  },
];

describe('a key that can not be had: what is wrong and what to do, and never what is stored', () => {
  for (const { why, reference, answer, code, says } of missed) {
    test(why, async (context) => {
      const { secrets, asked } = await scripted(context, () => answer);
      await assert.rejects(secrets.resolve(reference), (error: Error & { code?: string }) => {
        assert.equal(error.name, 'SecretError');
        assert.equal(error.code, code);
        assert.match(error.message, says);
        assert.ok(!`${error.message}${error.stack}`.includes(key), error.message);
        return true;
      });
      assert.equal(asked.length, 1);
    });
  }
  test('a service that never answers', async (context) => {
    const { secrets } = await scripted(context, () => null, { attempts: 1, answerWithinMs: 100 });
    await assert.rejects(secrets.resolve(plain), { code: 'TimeoutError', message: /needs an interface endpoint/ });
  });
  test('a variable of an environment that is not there', async () => {
    await assert.rejects(cloudSecrets().resolve({ env: 'KEY' }), {
      code: 'NotHere',
      message: /put the key into Secrets Manager or Parameter Store/,
    });
  });
});

/** A worker's own time, which goes on only while it waits. */
function leapingClock(): Clock {
  let nowUs = 0;
  return {
    nowUs: () => nowUs,
    nowEpochMs: () => nowUs / 1000,
    callAt: () => () => undefined,
    async sleepUntil(atUs) {
      nowUs = Math.max(nowUs, atUs);
    },
  };
}

describe('Parameter Store, which throttles those who ask at once', () => {
  const throttled = refusal('ThrottlingException', 'Rate exceeded');
  const sample = sampleAssignment({ startsAtEpochMs: cloudTempo.leadMs });

  test('gives its key to each of 250 workers before connections are opened, at 40 a second', async (context) => {
    let clock = leapingClock();
    const given = new Map<number, number>();
    const { asked, ask } = await scripted(context, () => {
      const second = Math.floor(clock.nowUs() / 1e6);
      const before = given.get(second) ?? 0;
      if (before >= 40) return throttled;
      given.set(second, before + 1);
      return { body: { Parameter: { Value: key } } };
    });
    const stage = { ...sample.stage, workers: 250 };
    let lastMs = 0;
    for (let worker = 0; worker < stage.workers; worker++) {
      clock = leapingClock();
      const turn = secretTurn({ ...sample, stage, worker, tempo: cloudTempo }, 0);
      assert.equal(await ask({ clock, turn }).resolve(parameter), key, `worker ${worker}`);
      lastMs = Math.max(lastMs, clock.nowUs() / 1000);
    }
    assert.ok(lastMs < cloudTempo.leadMs - cloudTempo.connectAheadMs, `${lastMs} ms`);
    assert.ok(asked.length < 1.2 * stage.workers, `${asked.length} asked`);
  });
  test('is asked again, with pauses that are the worker’s own, and the last refusal is told with the remedy', async (context) => {
    const { ask } = await scripted(context, () => throttled);
    const pausesOf = async (worker: number) => {
      const clock = leapingClock();
      const pauses: number[] = [];
      let over = () => {};
      const patient: Clock = {
        ...clock,
        callAt(_, fire) {
          over = fire;
          return () => undefined;
        },
        async sleepUntil(atUs) {
          pauses.push(atUs - clock.nowUs());
          await clock.sleepUntil(atUs);
          if (clock.nowUs() > 10e6) over();
        },
      };
      const turn = secretTurn({ ...sample, worker, tempo: cloudTempo }, cloudTempo.leadMs);
      await assert.rejects(ask({ clock: patient, turn }).resolve(parameter), {
        code: 'ThrottlingException',
        message: /Rate exceeded\. Too many workers asked at once: keep the key in Secrets Manager/,
      });
      return pauses.slice(1);
    };
    const [own, others, again] = [await pausesOf(0), await pausesOf(1), await pausesOf(0)];
    assert.ok(own.length > 4);
    assert.deepEqual(own, again);
    assert.notDeepEqual(own, others);
    own.slice(0, 6).forEach((pauseUs, index) => {
      const longest = 100_000 * 2 ** index;
      assert.ok(pauseUs >= longest / 2 && pauseUs <= longest, `pause ${index} of ${pauseUs} µs`);
    });
  });
  test('that fails for the moment is asked four times', async (context) => {
    const { asked, ask } = await scripted(context, () => ({ status: 500, body: { __type: 'InternalServerError' } }));
    const turn = secretTurn({ ...sample, tempo: cloudTempo }, 0);
    await assert.rejects(ask({ clock: leapingClock(), turn }).resolve(parameter), { code: 'InternalServerError' });
    assert.equal(asked.length, 4);
  });
});
