import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AccessRequest, type Decision, decide, type Statement } from './iam.ts';

const object = 'arn:aws:s3:::bucket/sweeps/a/claims/stage=0001/w0000';
const put: AccessRequest = { action: 's3:PutObject', resource: object };
const list = (prefix: string): AccessRequest => ({
  action: 's3:ListBucket',
  resource: 'arn:aws:s3:::bucket',
  context: { 's3:prefix': prefix },
});
const allow = (more: Partial<Statement>): Statement => ({
  Effect: 'Allow',
  Action: 's3:PutObject',
  Resource: '*',
  ...more,
});
const deny = (more: Partial<Statement>): Statement => ({ Effect: 'Deny', Action: 's3:*', Resource: '*', ...more });

const rows: readonly { why: string; statements: readonly Statement[]; request: AccessRequest; decision: Decision }[] = [
  { why: 'no statement allows nothing', statements: [], request: put, decision: 'no_allow' },
  { why: 'the very action and resource', statements: [allow({ Resource: object })], request: put, decision: 'allowed' },
  {
    why: 'a star spans slashes',
    statements: [allow({ Resource: 'arn:aws:s3:::bucket/sweeps/*/claims/*' })],
    request: put,
    decision: 'allowed',
  },
  {
    why: 'another prefix',
    statements: [allow({ Resource: 'arn:aws:s3:::bucket/reports/*' })],
    request: put,
    decision: 'no_allow',
  },
  {
    why: 'a dot is no wildcard',
    statements: [allow({ Resource: 'arn:aws:s3:::bucke./*' })],
    request: put,
    decision: 'no_allow',
  },
  {
    why: 'a question mark is one character',
    statements: [allow({ Resource: '*/w000?' })],
    request: put,
    decision: 'allowed',
  },
  {
    why: 'actions are compared without case',
    statements: [allow({ Action: ['s3:get*', 'S3:PUTobject'] })],
    request: put,
    decision: 'allowed',
  },
  {
    why: 'resources with case',
    statements: [allow({ Resource: object.toUpperCase() })],
    request: put,
    decision: 'no_allow',
  },
  {
    why: 'a Deny outweighs an Allow, in any order',
    statements: [deny({}), allow({})],
    request: put,
    decision: 'explicit_deny',
  },
  {
    why: 'NotAction allows all but those',
    statements: [{ Effect: 'Allow', NotAction: 's3:Delete*', Resource: '*' }],
    request: put,
    decision: 'allowed',
  },
  {
    why: 'NotResource spares what it names',
    statements: [allow({}), { Effect: 'Deny', Action: '*', NotResource: object }],
    request: put,
    decision: 'allowed',
  },
  {
    why: 'a prefix that the condition names',
    statements: [
      allow({ Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': ['sweeps/*', 'records/*'] } } }),
    ],
    request: list('records/x'),
    decision: 'allowed',
  },
  {
    why: 'a prefix that it does not name',
    statements: [allow({ Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': ['sweeps/*'] } } })],
    request: list('reports/x'),
    decision: 'no_allow',
  },
  {
    why: 'a key that the request lacks fails its condition',
    statements: [allow({ Condition: { StringEquals: { 's3:x-amz-acl': 'private' } } })],
    request: put,
    decision: 'no_allow',
  },
  {
    why: 'unless the operator ends in IfExists',
    statements: [allow({ Condition: { StringEqualsIfExists: { 's3:x-amz-acl': 'private' } } })],
    request: put,
    decision: 'allowed',
  },
  {
    why: 'a negated operator holds for a key that the request lacks',
    statements: [allow({}), deny({ Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } })],
    request: put,
    decision: 'explicit_deny',
  },
  {
    why: 'the local services stand for servers that speak TLS',
    statements: [
      allow({}),
      deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      deny({ Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
    ],
    request: put,
    decision: 'allowed',
  },
];

describe('a decision', () => {
  for (const { why, statements, request, decision } of rows)
    test(`${why}: ${decision}`, () => assert.equal(decide(statements, request), decision));

  test('of a condition that is not evaluated here is an error, not a guess', () => {
    const statement = allow({ Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01' } } });
    assert.throws(() => decide([statement], put), /DateLessThan/);
  });
});
