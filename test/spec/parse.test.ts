import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeFault, SpecError } from '../../lib/spec/fault.ts';
import type { Override } from '../../lib/spec/layers.ts';
import { parseSpec } from '../../lib/spec/parse.ts';

const smallest = `target: {url: http://localhost:8000/v1}
workload: {inputTokens: 100, outputTokens: 10}
load: {levels: [1, 2]}
`;

function faultsOf(text: string, overrides: readonly Override[] = []): string[] {
  try {
    parseSpec(text, overrides);
  } catch (error) {
    if (error instanceof SpecError) return error.faults.map(describeFault);
    throw error;
  }
  return [];
}

/** What a person changes in the smallest spec, and what they should be told. */
const mistakes: readonly { why: string; text: string; says: readonly RegExp[] }[] = [
  { why: 'a broken flow list', text: 'a: [1', says: [/^this is no YAML: .*\(line 1, column \d+\)$/] },
  { why: 'a key given twice', text: `${smallest}name: a\nname: b\n`, says: [/^this is no YAML: .*unique.*\(line 5/] },
  { why: 'an empty file', text: '', says: [/^target is missing$/, /^workload is missing$/, /^load is missing$/] },
  { why: 'a list at the top', text: '- 1', says: [/must be a map of keys, not a list/] },
  {
    why: 'a misspelt key names the nearest, which is not told as missing besides: one mistake, one fault',
    text: smallest.replace('levels', 'level'),
    says: [/^load\.level is no key of a spec: did you mean levels\? \(line 3, column 8\)$/],
  },
  {
    why: 'a misspelt section is not told as missing either',
    text: smallest.replace('workload', 'workloads'),
    says: [/^workloads is no key of a spec: did you mean workload\?/],
  },
  {
    why: 'a key that is missing beside one that is like no other is told',
    text: smallest.replace('levels', 'zzzzzz'),
    says: [/^load\.zzzzzz is no key of a spec: here may stand/, /^load\.levels is missing/],
  },
  {
    why: 'a key that is like no other lists what may stand there',
    text: `${smallest}zzzzzz: 1\n`,
    says: [/^zzzzzz is no key of a spec: here may stand name, preset, target, .*\(line 4, column 1\)$/],
  },
  {
    why: 'two faults at once are both told',
    text: smallest.replace('100', 'many').replace('[1, 2]', '[0]'),
    says: [
      /^workload\.inputTokens must be a whole number, a list of them, or a distribution such as .*, not "many" \(line 2/,
      /^load\.levels\[0\] must be at least 1 \(line 3, column 17\)$/,
    ],
  },
  {
    why: 'a misspelt word names the nearest, and of a misspelt preset nothing that it would have said is missing',
    text: 'target: {url: http://localhost:8000/v1, type: openia}\npreset: Chat\n',
    says: [
      /^preset must be one of chat, rag, summarise, code, databricks-notebook: did you mean chat\? \(line 2, column 1\)$/,
      /^target\.type must be openai or databricks: did you mean openai\? \(line 1/,
    ],
  },
  { why: 'no levels', text: smallest.replace('[1, 2]', '[]'), says: [/^load\.levels needs at least one level/] },
  {
    why: 'a level below the one before',
    text: smallest.replace('[1, 2]', '[2, 1]'),
    says: [/^load\.levels\[1\] must be above the level before it/],
  },
  {
    why: 'half a request',
    text: smallest.replace('[1, 2]', '[1.5]'),
    says: [/^load\.levels\[0\] must be a whole number/],
  },
  {
    why: 'one number instead of a list',
    text: smallest.replace('[1, 2]', '4'),
    says: [/^load\.levels must be a list, not 4/],
  },
  {
    why: 'no scheme',
    text: smallest.replace('http://localhost:8000/v1', 'localhost'),
    says: [/^target\.url is not a URL/],
  },
  { why: 'another scheme', text: smallest.replace('http:', 'ftp:'), says: [/^target\.url must begin with http/] },
  {
    why: 'a time without a unit',
    text: `${smallest}stage: {measure: 30}\n`,
    says: [/^stage\.measure must be auto, a duration such as 30s, or \{requestsPerStream: 5\}/],
  },
  {
    why: 'no time at all',
    text: `${smallest}deadlines: {total: 0s}\n`,
    says: [/^deadlines\.total must be more than 0/],
  },
  {
    why: 'an SLO without a bound',
    text: `${smallest}slo: {}\n`,
    says: [/^slo needs at least one bound, such as percentiles: \{ttft: \{p95: 500ms\}\} \(line 4/],
  },
  {
    why: 'a part of an SLO without a bound',
    text: `${smallest}slo: {errorRate: 0.1, perRequest: {}, percentiles: {tpot: {}}}\n`,
    says: [/^slo\.perRequest needs at least one bound/, /^slo\.percentiles\.tpot needs at least one bound/],
  },
  {
    why: 'an unknown percentile',
    text: `${smallest}slo: {percentiles: {ttft: {p96: 1s}}}\n`,
    says: [/^slo\.percentiles\.ttft\.p96 is no key of a spec: did you mean/],
  },
  {
    why: 'per cent instead of a share, a bound without a unit',
    text: `${smallest}slo: {errorRate: 5, perRequest: {tpot: 40}}\n`,
    says: [
      /^slo\.perRequest\.tpot must be a duration such as 40ms or 10s, not 40/,
      /^slo\.errorRate must be a share from 0 to 1/,
    ],
  },
  {
    why: 'a share of good requests, and nothing that makes a request good',
    text: `${smallest}slo: {goodputShare: 0.9}\n`,
    says: [/^slo\.goodputShare needs the bounds that a good request keeps: give slo\.perRequest as well/],
  },
  { why: 'a bomb of aliases', text: bomb(), says: [/can't be unfolded/] },
  {
    why: 'a password in the URL',
    text: smallest.replace('http://', 'http://me:hunter2@'),
    says: [/^target\.url holds a user name or password: put it into an environment variable/],
  },
  {
    why: 'a key in the query',
    text: smallest.replace('/v1', '/v1?api_key=hunter2'),
    says: [/^target\.url holds the credential parameter "api_key"/],
  },
  {
    why: 'a header that says where the request goes: a key could go elsewhere',
    text: smallest.replace('url:', 'headers: {Host: evil.example, Transfer-Encoding: chunked}, url:'),
    says: [/^target\.headers\.Host belongs to the connection/, /^target\.headers\.Transfer-Encoding belongs/],
  },
  {
    why: 'a bearer token among the headers',
    text: smallest.replace('url:', 'headers: {Authorization: Bearer hunter2}, url:'),
    says: [/^target\.headers\.Authorization looks like a credential/],
  },
  {
    why: "AWS's own credentials",
    text: smallest.replace('url:', 'auth: {env: AWS_SECRET_ACCESS_KEY}, url:'),
    says: [/^target\.auth\.env names an AWS credential/],
  },
  {
    why: 'auth that names no key',
    text: withAuth('{}'),
    says: [/^target\.auth names no key: give one of env .*, secret .* or parameter .*\(line 1/],
  },
  {
    why: 'a key in two places: the second is told',
    text: withAuth('{secret: llm/key, env: LLM_KEY}'),
    says: [/^target\.auth\.secret stands beside env: a key has one place, keep one \(line 1, column \d+\)$/],
  },
  {
    why: 'a key in three places',
    text: withAuth('{parameter: /llm/key, secret: llm/key, env: LLM_KEY}'),
    says: [/^target\.auth\.secret stands beside env/, /^target\.auth\.parameter stands beside env/],
  },
  {
    why: 'a field of no secret',
    text: withAuth('{parameter: /llm/key, field: apiKey}'),
    says: [/^target\.auth\.field stands only beside secret/],
  },
  {
    why: 'the key itself in place of its name, each way',
    text: withAuth('{secret: sk-hunter2}'),
    says: [/^target\.auth\.secret looks like the key itself, .*give its name/],
  },
  {
    why: 'the same for a variable, whose name it could be',
    text: withAuth('{env: hf_hunter2}'),
    says: [/^target\.auth\.env looks like the key itself/],
  },
  { why: 'the same for a parameter', text: withAuth('{parameter: sk-hunter2}'), says: [/looks like the key itself/] },
  {
    why: 'an ARN of another service as a secret',
    text: withAuth('{secret: "arn:aws:ssm:eu-west-1:123456789012:parameter/llm/key"}'),
    says: [/^target\.auth\.secret must be the name or the ARN of a secret/],
  },
  {
    why: 'an ARN as a parameter, which goes by its name',
    text: withAuth('{parameter: "arn:aws:ssm:eu-west-1:123456789012:parameter/llm/key"}'),
    says: [/^target\.auth\.parameter must be the name of a parameter in Parameter Store, such as \/llm\/key/],
  },
  {
    why: 'a misspelt way to name a key',
    text: withAuth('{secrets: llm/key}'),
    says: [/^target\.auth\.secrets is no key of a spec: did you mean secret\?/, /^target\.auth names no key/],
  },
  {
    why: 'a header that splits the request',
    text: smallest.replace('url:', 'headers: {x-a: "b\\r\\nx-c: d"}, url:'),
    says: [/^target\.headers\.x-a holds a control character/],
  },
];

function withAuth(auth: string): string {
  return smallest.replace('url:', `auth: ${auth}, url:`);
}

function bomb(): string {
  const lines = ['a0: &a0 [x, x]'];
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

describe('a spec with mistakes is refused, every fault with its path, what to do, and its place', () => {
  for (const { why, text, says } of mistakes) {
    test(why, () => {
      const faults = faultsOf(text);
      assert.equal(faults.length, says.length, faults.join('\n'));
      says.forEach((pattern, index) => {
        assert.match(faults[index] ?? '', pattern);
      });
      assert.ok(!faults.join('').includes('hunter2'), 'a credential is never repeated');
    });
  }
});

describe('a spec that is right', () => {
  test('is filled with defaults, durations in milliseconds', () => {
    const spec = parseSpec(`${smallest}stage: {measure: 1.5m}\n`);
    assert.deepEqual(spec.stage, { warmUp: 'auto', measure: 90_000, drain: 'auto' });
    assert.deepEqual(spec.deadlines, { connect: 10_000, firstToken: 60_000, idle: 30_000, total: 300_000 });
    assert.deepEqual(spec.fleet, { streamsPerWorker: 32, maxWorkers: 1000 });
  });
  test('has no SLO unless one is given; its bounds are milliseconds, to the microsecond', () => {
    assert.equal(parseSpec(smallest).slo, null);
    const { slo } = parseSpec(`${smallest}slo: {perRequest: {tpot: 12.5ms, latency: 10s}, goodputShare: 0.9}\n`);
    assert.deepEqual(slo, {
      perRequest: { ttft: null, ttfo: null, tpot: 12.5, latency: 10_000 },
      percentiles: null,
      errorRate: null,
      goodputShare: 0.9,
    });
  });
  test('is the same as JSON', () => {
    const spec = parseSpec(smallest);
    assert.deepEqual(parseSpec(JSON.stringify({ ...spec, stage: {}, deadlines: {} })), spec);
  });
  test('is overridden by flags, which may add what the file lacks', () => {
    const spec = parseSpec(smallest, [
      { path: ['load', 'levels'], value: [8] },
      { path: ['target', 'auth', 'env'], value: 'MY_KEY' },
    ]);
    assert.deepEqual(spec.load.levels, [8]);
    assert.deepEqual(spec.target.auth, { env: 'MY_KEY', header: 'authorization' });
  });
  const references = [
    { auth: '{env: LLM_KEY}', parsed: { env: 'LLM_KEY' } },
    { auth: '{secret: llm/key}', parsed: { secret: 'llm/key', field: null } },
    { auth: '{secret: llm/key, field: apiKey}', parsed: { secret: 'llm/key', field: 'apiKey' } },
    {
      auth: '{secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:llm/key-AbCdEf", header: api-key}',
      parsed: { secret: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:llm/key-AbCdEf', field: null },
      header: 'api-key',
    },
    { auth: '{parameter: /llm/key}', parsed: { parameter: '/llm/key' } },
  ];
  for (const { auth, parsed, header = 'authorization' } of references) {
    test(`names its key by ${auth}, and is read again as it was stored`, () => {
      const spec = parseSpec(withAuth(auth));
      assert.deepEqual(spec.target.auth, { ...parsed, header });
      const { target } = JSON.parse(JSON.stringify(spec)) as typeof spec;
      assert.deepEqual(parseSpec(smallest, [{ path: ['target'], value: target }]).target, spec.target);
    });
  }
  test('may name another key by a flag, whatever the file names; the header stays', () => {
    const text = withAuth('{secret: llm/key, field: apiKey, header: api-key}');
    const { auth } = parseSpec(text, [{ path: ['target', 'auth', 'env'], value: 'MY_KEY' }]).target;
    assert.deepEqual(auth, { env: 'MY_KEY', header: 'api-key' });
  });
  test('a flag that is wrong is told by the path that it sets', () => {
    assert.match(
      faultsOf(smallest, [{ path: ['load', 'levels'], value: ['x'] }])[0] ?? '',
      /^load\.levels\[0\] must be a whole number, not "x"/,
    );
    assert.deepEqual(faultsOf(smallest, [{ path: ['load', 'levels'], value: ['x'], flag: '--levels' }]), [
      'load.levels[0] must be a whole number, not "x" (--levels)',
    ]);
  });
});
