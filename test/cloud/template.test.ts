import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { StackModel } from './stack-model.ts';
import { readStack } from './template.ts';

/** The model of a stack whose template has these resources. */
function stackOf(resources: object, outputs: object = {}): StackModel {
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  const artifact = { type: 'aws:cloudformation:stack', properties: { stackName: 'Here' } };
  write('manifest.json', { artifacts: { Id: artifact } });
  write('Id.assets.json', { files: { abc: { source: { path: 'asset.abc' } } } });
  write('Id.template.json', { Resources: resources, Outputs: outputs });
  try {
    return readStack(folder, 'Here');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `Fn::Sub` fills in. */
const hole = (name: string) => `\${${name}}`;

const role = (more: object = {}) => ({ Type: 'AWS::IAM::Role', Properties: more });
const lambda = (more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: { 'Fn::Sub': `assets-${hole('AWS::Region')}` }, S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    ...more,
  },
});
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

describe('values', () => {
  const values = [
    { why: 'a reference to a bucket is its name', value: { Ref: 'Bucket' }, text: 'here-bucket' },
    { why: 'its ARN', value: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, text: 'arn:aws:s3:::here-bucket' },
    { why: 'a name that is given', value: { Ref: 'Named' }, text: 'my-bucket' },
    { why: 'a join', value: { 'Fn::Join': ['/', [{ Ref: 'Bucket' }, '*']] }, text: 'here-bucket/*' },
    {
      why: 'a substitution',
      value: { 'Fn::Sub': `${hole('AWS::Region')}:${hole('Bucket.Arn')}:${hole('!Bucket')}` },
      text: `us-east-1:arn:aws:s3:::here-bucket:${hole('Bucket')}`,
    },
    {
      why: 'a substitution with names of its own',
      value: { 'Fn::Sub': [hole('x'), { x: { Ref: 'Bucket' } }] },
      text: 'here-bucket',
    },
    {
      why: 'a part of a split',
      value: { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'Bucket' }] }] },
      text: 'bucket',
    },
    {
      why: 'an alias is the ARN with it',
      value: { Ref: 'Live' },
      text: 'arn:aws:lambda:us-east-1:000000000000:function:Here-Function:live',
    },
    {
      why: 'a queue is its URL',
      value: { Ref: 'Queue' },
      text: 'https://sqs.us-east-1.amazonaws.com/000000000000/Here-Queue',
    },
  ];
  const resources = {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'my-bucket' } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: role(),
    Function: lambda(),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Function' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
      },
    },
  };
  for (const { why, value, text } of values)
    test(`${why}: ${text}`, () => assert.equal(stackOf(resources, { Out: { Value: value } }).outputs['Out'], text));

  test('an intrinsic function that is not evaluated is an error that names it', () => {
    const value = { 'Fn::ImportValue': 'elsewhere' };
    assert.throws(() => stackOf({}, { Out: { Value: value } }), /Fn::ImportValue is not evaluated/);
  });
});

describe('functions', () => {
  test('what a template does not say is as Lambda has it', () => {
    const [model] = stackOf({ Role: role(), Function: lambda() }).functions;
    const { timeoutSeconds, memoryMb, reservedConcurrency, durable, aliases, eventInvoke } = model ?? {};
    assert.deepEqual([timeoutSeconds, memoryMb, reservedConcurrency, durable], [3, 128, null, null]);
    assert.deepEqual([aliases, eventInvoke, model?.roleName], [{}, {}, 'Here-Role']);
    assert.match(model?.codeFolder ?? '', /asset\.abc$/);
  });

  test('a function whose code stands in the template is not deployed', () => {
    assert.deepEqual(stackOf({ Role: role(), Function: lambda({ Code: { ZipFile: 'x' } }) }).functions, []);
  });

  test('events are configured on the qualifier that the template names', () => {
    const config = {
      FunctionName: { Ref: 'Function' },
      Qualifier: 'live',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    };
    const stack = stackOf({
      Role: role(),
      Function: lambda(),
      Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: config },
    });
    assert.deepEqual(stack.functions[0]?.eventInvoke, {
      live: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60, onFailure: null },
    });
  });
});

describe('policies', () => {
  const actionsOf = (stack: StackModel) => (stack.roles.get('Here-Role') ?? []).map(({ Action }) => Action);

  test('of a role: its own, those attached to it, and managed ones of the table', () => {
    const ManagedPolicyArns = [
      {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        ],
      },
      { Ref: 'Own' },
    ];
    const Policies = [{ PolicyName: 'inline', PolicyDocument: { Statement: [{ ...allow, Action: 'a:Inline' }] } }];
    const stack = stackOf({
      Role: role({ Policies, ManagedPolicyArns }),
      Own: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Statement: [{ ...allow, Action: 'a:Own' }] } },
      },
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: { ...allow, Action: 'a:Attached' } } },
      },
    });
    const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
    assert.deepEqual(actionsOf(stack), ['a:Inline', logs, 'a:Own', 'a:Attached']);
  });

  test('a managed policy that is not in the table is an error that names it', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    assert.throws(() => stackOf({ Role: role({ ManagedPolicyArns: [arn] }) }), /AdministratorAccess is not known/);
  });

  test('of a bucket: what it denies to everybody; a Deny for some is an error', () => {
    const policy = (Principal: unknown) => ({
      Bucket: { Type: 'AWS::S3::Bucket' },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Bucket' },
          PolicyDocument: { Statement: [{ ...allow, Effect: 'Deny', Principal }] },
        },
      },
    });
    assert.equal(stackOf(policy('*')).bucketPolicies.get('here-bucket')?.length, 1);
    assert.throws(() => stackOf(policy({ AWS: 'arn:aws:iam::1:root' })), /Deny for .*root/);
  });
});
