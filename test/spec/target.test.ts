import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeFault, SpecError } from '../../lib/spec/fault.ts';
import type { Override } from '../../lib/spec/layers.ts';
import { parseSpec } from '../../lib/spec/parse.ts';

const withTarget = (target: string) => `target: ${target}
workload: {inputTokens: 1, outputTokens: 1}
load: {levels: [1]}
`;
const parsed = (target: string, overrides: readonly Override[] = []) => parseSpec(withTarget(target), overrides).target;

function faultsOf(target: string): string[] {
  try {
    parsed(target);
  } catch (error) {
    if (error instanceof SpecError) return error.faults.map(describeFault);
    throw error;
  }
  return [];
}

describe('a target of type databricks', () => {
  const whole = 'https://dbc-1.cloud.databricks.com/serving-endpoints/my-llm/invocations';
  const addresses = [
    {
      why: 'host and name',
      target: '{type: databricks, host: "https://dbc-1.cloud.databricks.com", endpoint: my-llm}',
    },
    { why: 'the host says the type', target: '{host: dbc-1.cloud.databricks.com, endpoint: my-llm}' },
    {
      why: 'as the browser has it',
      target: '{type: databricks, host: "https://dbc-1.cloud.databricks.com/?o=123456", endpoint: my-llm}',
    },
    { why: 'the whole address, as the serving page shows it', target: `{type: databricks, url: "${whole}"}` },
  ];
  for (const { why, target } of addresses) {
    test(`is asked at its invocations: ${why}`, () => {
      const { type, url, auth, readyWithin, model } = parsed(target);
      assert.deepEqual({ type, url, model }, { type: 'databricks', url: whole, model: null });
      assert.deepEqual(
        auth,
        { env: 'DATABRICKS_TOKEN', header: 'authorization' },
        'as the vendor’s own tools look for it',
      );
      assert.equal(readyWithin, 15 * 60_000);
    });
  }

  test('keeps to the key and the wait that are named, or to none', () => {
    const own = parsed('{host: h, endpoint: e, auth: {secret: llm/key, clientId: 1f-2e}, readyWithin: 90s}');
    assert.deepEqual(own.auth, { secret: 'llm/key', field: null, header: 'authorization', clientId: '1f-2e' });
    assert.equal(own.readyWithin, 90_000);
    const none = parsed('{host: "http://127.0.0.1:8000", endpoint: e, auth: null, readyWithin: null}');
    assert.deepEqual([none.auth, none.readyWithin], [null, null]);
    assert.equal(none.url, 'http://127.0.0.1:8000/serving-endpoints/e/invocations');
  });

  test('any other endpoint has no key and is not waited for unless told', () => {
    const { type, auth, readyWithin } = parsed('{url: "http://a/v1"}');
    assert.deepEqual({ type, auth, readyWithin }, { type: 'openai', auth: null, readyWithin: null });
    assert.equal(parsed('{url: "http://a/v1", readyWithin: 5m}').readyWithin, 300_000);
  });

  test('a flag that names a workspace stands instead of an address, and the other way round', () => {
    const flag = (key: string, value: string): Override => ({ path: ['target', key], value });
    const toHost = parsed('{url: "http://a/v1", model: m}', [
      flag('host', 'dbc-1.cloud.databricks.com'),
      flag('endpoint', 'my-llm'),
    ]);
    assert.equal(toHost.url, whole);
    const toUrl = parsed('{type: databricks, host: h, endpoint: e}', [flag('url', 'http://a/v1')]);
    assert.deepEqual([toUrl.type, toUrl.url, toUrl.auth], ['openai', 'http://a/v1', null]);
    const renamed = parsed('{type: databricks, host: dbc-1.cloud.databricks.com, endpoint: other}', [
      flag('endpoint', 'my-llm'),
    ]);
    assert.equal(renamed.url, whole);
  });
});

describe('a target with mistakes is refused', () => {
  const mistakes: readonly { why: string; target: string; says: readonly RegExp[] }[] = [
    { why: 'nothing', target: '{}', says: [/^target\.url is missing/] },
    {
      why: 'a type without a place',
      target: '{type: databricks}',
      says: [/^target\.host is missing: the workspace/, /^target\.endpoint is missing/],
    },
    { why: 'a host without a name', target: '{host: h}', says: [/^target\.endpoint is missing/] },
    { why: 'a name without a host', target: '{endpoint: e}', says: [/^target\.host is missing/] },
    {
      why: 'two addresses',
      target: '{url: "http://a/v1", host: h, endpoint: e}',
      says: [/^target\.url stands beside host and endpoint/],
    },
    {
      why: 'a workspace of another type',
      target: '{type: openai, url: "http://a/v1", host: h}',
      says: [/^target\.host stands only in a target of type databricks/],
    },
    {
      why: 'a service principal elsewhere',
      target: '{url: "http://a/v1", auth: {env: K, clientId: c}}',
      says: [/^target\.auth names a clientId, which stands only in a target of type databricks/],
    },
    {
      why: 'an unknown type',
      target: '{type: bedrock, url: "http://a"}',
      says: [/^target\.type must be openai or databricks/],
    },
    {
      why: 'a path in the host',
      target: '{host: "https://h/serving-endpoints", endpoint: e}',
      says: [/^target\.host must be the workspace alone, without a path/],
    },
    { why: 'no host', target: '{host: "https://", endpoint: e}', says: [/^target\.host is no workspace/] },
    {
      why: 'a password in the host',
      target: '{host: "https://me:hunter2@h", endpoint: e}',
      says: [/^target\.host holds a user name or password/],
    },
    {
      why: 'a path for a name',
      target: '{host: h, endpoint: a/b}',
      says: [/^target\.endpoint is no name of a serving endpoint/],
    },
    {
      why: 'a token for a name',
      target: '{host: h, endpoint: e, auth: {env: dapi0123456789abcdef0123}}',
      says: [/^target\.auth\.env looks like the key itself/],
    },
  ];
  for (const { why, target, says } of mistakes) {
    test(why, () => {
      const faults = faultsOf(target);
      assert.equal(faults.length, says.length, faults.join('\n'));
      for (const [index, pattern] of says.entries()) assert.match(faults[index] ?? '', pattern);
      assert.ok(!faults.join('').includes('hunter2'));
    });
  }
});

describe('what an endpoint is provisioned for', () => {
  test('is one number, or a range; without it nothing', () => {
    const given = (text: string) => parsed(`{url: "http://a/v1", provisionedTokensPerSecond: ${text}}`);
    assert.deepEqual(given('8000').provisionedTokensPerSecond, { min: null, max: 8000 });
    assert.deepEqual(given('{min: 0, max: 8000}').provisionedTokensPerSecond, { min: 0, max: 8000 });
    assert.deepEqual(given('{max: 950.5}').provisionedTokensPerSecond, { min: null, max: 950.5 });
    assert.equal(given('null').provisionedTokensPerSecond, null);
    assert.equal(parsed('{url: "http://a/v1"}').provisionedTokensPerSecond, null);
  });

  const refused: { why: string; text: string; says: RegExp }[] = [
    { why: 'nothing', text: '0', says: /provisionedTokensPerSecond must be more than 0/ },
    { why: 'a text', text: '8k', says: /must be a number of tokens a second, or a range such as/ },
    {
      why: 'a range upside down',
      text: '{min: 9, max: 8}',
      says: /provisionedTokensPerSecond\.max must not be below min/,
    },
    { why: 'a range without an end', text: '{min: 9}', says: /provisionedTokensPerSecond\.max is missing/ },
    { why: 'less than nothing', text: '{min: -1, max: 8}', says: /provisionedTokensPerSecond\.min must be 0 or more/ },
    { why: 'an unknown key', text: '{most: 8}', says: /provisionedTokensPerSecond/ },
  ];
  for (const { why, text, says } of refused) {
    test(`is refused: ${why}`, () =>
      assert.match(faultsOf(`{url: "http://a/v1", provisionedTokensPerSecond: ${text}}`).join('\n'), says));
  }
});
