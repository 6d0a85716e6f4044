import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endOfProbe } from '../../lib/plan/probe-end.ts';
import { probeFailureText } from '../../lib/plan/probe-failure-text.ts';
import { whoseWords } from '../../lib/plan/whose-words.ts';
import type { Auth } from '../../lib/spec/auth.ts';
import { unsentFinding } from '../../lib/worker/finding-of.ts';
import { sampleProbeVerdict } from './sample-plan.ts';

const failed = (outcome: string, detail: string | null, httpStatus: number | null) => ({
  ...unsentFinding(''),
  httpStatus,
  failure: { outcome, detail, message: null },
});

describe('the remedy where the endpoint does not take the key', () => {
  const header = 'authorization';
  const cases: readonly { why: string; status: number; auth: Auth | null; says: RegExp; never?: RegExp }[] = [
    {
      why: 'none was sent',
      status: 401,
      auth: null,
      says: /^No key was sent: name the environment variable that holds it with --auth-env \(target\.auth\.env\)/,
      never: /target\.auth\.header|Check the key/,
    },
    { why: 'none was sent', status: 403, auth: null, says: /^No key was sent: .*--auth-env/ },
    {
      why: 'one was',
      status: 401,
      auth: { env: 'LLM_KEY', header: 'api-key' },
      says: /^Check the key in the environment variable LLM_KEY \(target\.auth\.env\), and .*api-key \(target\.auth\.header\)/,
      never: /No key/,
    },
    {
      why: 'one was',
      status: 403,
      auth: { env: 'LLM_KEY', header },
      says: /Check the key in .*LLM_KEY.*its rights\.$/,
    },
    {
      why: 'one of Secrets Manager was',
      status: 401,
      auth: { secret: 'llm', field: null, header },
      says: /the secret llm \(target\.auth\.secret\)/,
    },
    {
      why: 'one of Parameter Store was',
      status: 401,
      auth: { parameter: '/llm', header },
      says: /the parameter \/llm /,
    },
  ];
  for (const { why, status, auth, says, never } of cases) {
    test(`${status}, ${why}`, () => {
      const { remedy } = probeFailureText(failed('http_error', null, status), { auth });
      assert.match(remedy, says);
      if (never) assert.doesNotMatch(remedy, never);
    });
  }
});

describe('what happened is told in our words, and what to do', () => {
  const cases = [
    {
      why: 'a redirect',
      finding: failed('http_error', null, 308),
      says: /^The endpoint redirects \(HTTP status 308\)/,
      todo: /^Name the address that it redirects to as target\.url/,
    },
    {
      why: 'bytes that are no HTTP',
      finding: failed('unknown', 'not_http', null),
      says: /^What came back is no HTTP\.$/,
      todo: /port and the scheme/,
    },
    {
      why: 'answers without a token',
      finding: failed('empty', 'length', 200),
      says: /answers were empty: not one token came \(finish reason: length\)\.$/,
      todo: /workload\.outputTokens/,
    },
  ];
  for (const { why, finding, says, todo } of cases) {
    test(why, () => {
      const { happened, remedy } = probeFailureText(finding, { auth: null });
      assert.match(happened, says);
      assert.match(remedy, todo);
    });
  }
});

test('only what the endpoint said is laid into its mouth', () => {
  const cases = [
    ['http_error', 'type', 400, 'no such model', 'endpoint', 'a message of its answer'],
    ['http_error', null, 502, 'status 502 without a body', 'ours', 'it said nothing'],
    ['http_error', null, 308, 'status 308 redirects to /v1', 'ours', 'a redirect says where, in a header'],
    ['unknown', 'not_http', null, 'the answer is no HTTP: x', 'ours', 'the parser’s complaint'],
    ['truncated', null, 200, 'the stream ended before its first event', 'ours', 'what we saw of it'],
    ['truncated', 'ECONNRESET', 200, 'read ECONNRESET', 'system', 'the socket’s end'],
    ['connect_error', 'ECONNREFUSED', null, 'connect ECONNREFUSED', 'system', 'nobody was reached'],
    ['reset_before_headers', 'new_socket', null, 'other side closed', 'system', 'no byte came'],
    ['not_sent', null, null, 'the secret is not there', 'ours', 'nothing was sent'],
    ['stream_error', null, 200, 'overloaded', 'endpoint', 'an error in its stream'],
  ] as const;
  for (const [outcome, detail, httpStatus, message, speaker, why] of cases) {
    assert.equal(whoseWords({ outcome, detail, message }, httpStatus), speaker, `${outcome}: ${why}`);
  }
});

test('the end of a sweep whose probe was redirected does not quote the endpoint', () => {
  const message = 'status 308 redirects to https://b.example/v1; redirects are never followed';
  const probe = { ...failed('http_error', null, 308), failure: { outcome: 'http_error', detail: null, message } };
  const ended = endOfProbe({ ...sampleProbeVerdict(), probe }, { auth: null });
  assert.match(ended?.detail ?? '', /Why: status 308 redirects to https:\/\/b\.example\/v1;/);
  assert.doesNotMatch(ended?.detail ?? '', /It said/);
});
