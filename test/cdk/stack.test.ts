import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { environmentNames } from '../../functions/environment.ts';
import { fullContext, kmsKeyArn, templateWith } from './synthesize.ts';

const standard = templateWith();
const full = templateWith(fullContext);

interface Intent {
  readonly intent: string;
  readonly reason: string;
  readonly check: (template: Template) => void;
}

const has = (type: string, properties: unknown) => (template: Template) =>
  template.hasResourceProperties(type, Match.objectLike(properties as Record<string, unknown>));
const all = (type: string, properties: unknown) => (template: Template) =>
  template.allResourcesProperties(type, Match.objectLike(properties as Record<string, unknown>));

const denyWithoutTls = {
  PolicyDocument: {
    Statement: Match.arrayWith([
      Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]),
  },
};

const intents: readonly Intent[] = [
  {
    intent: 'the bucket is private',
    reason: 'records tell how an endpoint behaves, and may hold its error texts',
    check: has('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  },
  {
    intent: 'the bucket refuses what comes without TLS',
    reason: 'nothing of a sweep crosses a network in the clear',
    check: has('AWS::S3::BucketPolicy', denyWithoutTls),
  },
  {
    intent: 'the bucket is encrypted',
    reason: 'also where nobody asked for a key of their own',
    check: has('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  },
  {
    intent: 'the bucket outlives the stack',
    reason: 'measurements can not be made again',
    check: (template) =>
      template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
  },
  {
    intent: 'records expire after 90 days, and nothing else does',
    reason: 'records are large and reports are small',
    check: has('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          Match.objectEquals({ ExpirationInDays: 90, Id: Match.anyValue(), Prefix: 'records/', Status: 'Enabled' }),
          Match.objectEquals({
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Id: Match.anyValue(),
            Status: 'Enabled',
          }),
        ],
      },
    }),
  },
  {
    intent: 'three functions, on arm64 with Node 24',
    reason: 'the cheaper processor, and the Node of the tests',
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::Function', 3);
      all('AWS::Lambda::Function', {
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
      })(template);
    },
  },
  {
    intent: 'a worker has one whole vCPU and 15 minutes',
    reason: '1,769 MB are one vCPU; with less, stamps would wait for the processor; a stage lasts minutes',
    check: has('AWS::Lambda::Function', { MemorySize: 1769, Timeout: 900 }),
  },
  {
    intent: 'nothing reserves concurrency',
    reason: 'a new account has 10, all of which must stay unreserved',
    check: all('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() }),
  },
  {
    intent: 'the orchestrator alone is durable',
    reason: 'it sleeps unbilled while a stage runs; a worker that is run again would send its load again',
    check: (template) => {
      const durable = { DurableConfig: { ExecutionTimeout: 86_400, RetentionPeriodInDays: 14 } };
      assert.equal(Object.keys(template.findResources('AWS::Lambda::Function', { Properties: durable })).length, 1);
      has('AWS::Lambda::Function', { ...durable, MemorySize: 1024 })(template);
    },
  },
  {
    intent: 'every function is behind the alias live, and old versions stay',
    reason: 'a durable execution is replayed on the version it began with',
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::Alias', 3);
      all('AWS::Lambda::Alias', { Name: 'live' })(template);
      template.allResources('AWS::Lambda::Version', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    },
  },
  {
    intent: 'an event is tried once, within a minute, on the qualifier that is invoked',
    reason: 'a load sent twice, or late, is another load than the plan’s',
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 3);
      all('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 })(template);
      for (const { Properties } of Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'))) {
        const [, { 'Fn::Split': split }] = Properties.Qualifier['Fn::Select'];
        assert.ok(split[1].Ref in template.findResources('AWS::Lambda::Alias'), 'the qualifier is an alias');
      }
    },
  },
  {
    intent: 'events that fail end in a queue',
    reason: 'nothing is lost unseen; a durable function takes no destinations, so it is the dead-letter queue',
    check: all('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: Match.anyValue() } }),
  },
  {
    intent: 'the queue is encrypted and takes nothing without TLS',
    reason: 'its messages hold specs',
    check: (template) => {
      has('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 })(template);
      has('AWS::SQS::QueuePolicy', denyWithoutTls)(template);
    },
  },
  {
    intent: 'logs are JSON, kept for a month, and gone with the stack',
    reason: 'fields such as sweep and stage can be searched; unlimited logs cost for ever',
    check: (template) => {
      all('AWS::Lambda::Function', { LoggingConfig: { LogFormat: 'JSON', LogGroup: Match.anyValue() } })(template);
      all('AWS::Logs::LogGroup', { RetentionInDays: 30 })(template);
      template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
    },
  },
  {
    intent: 'roles have statements of their own and no managed policies',
    reason: 'AWS adds rights to its managed policies over time',
    check: all('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() }),
  },
  {
    intent: 'no network, no key, no table',
    reason: 'each costs, and is asked for',
    check: (template) => {
      all('AWS::Lambda::Function', { VpcConfig: Match.absent() })(template);
      for (const type of ['AWS::EC2::SecurityGroup', 'AWS::KMS::Key', 'AWS::Glue::Table'])
        template.resourceCountIs(type, 0);
    },
  },
  {
    intent: 'nothing is allowed to be measured',
    reason: 'a stack that sends load anywhere is a weapon',
    check: (template) => {
      has('AWS::Lambda::Function', { Environment: { Variables: { PARETOKEN_ALLOWED_TARGETS: '[]' } } })(template);
      template.hasOutput('AllowedTargets', { Value: '[]' });
    },
  },
];

describe('the stack without any context', () => {
  for (const { intent, reason, check } of intents) it(`${intent}: ${reason}`, () => check(standard));

  it('has the outputs by which the command line finds its parts', () => {
    const names = ['Bucket', 'Orchestrator', 'Worker', 'Aggregator', 'FailureQueue', 'AllowedTargets'];
    assert.deepEqual(Object.keys(standard.findOutputs('*')), names);
    const orchestrator = standard.findOutputs('Orchestrator')['Orchestrator']?.['Value'].Ref;
    const { Properties } = standard.findResources('AWS::Lambda::Function')[orchestrator] ?? {};
    assert.ok(Properties?.DurableConfig, 'it is the durable function’s name');
  });
});

const variablesOf = (template: Template, bundle: 'Orchestrator' | 'Worker' | 'Aggregator') => {
  const id = template.findOutputs(bundle)[bundle]?.['Value'].Ref;
  return template.findResources('AWS::Lambda::Function')[id]?.['Properties'].Environment.Variables;
};

describe('what the functions are told', () => {
  const { bucket, worker, aggregator, allowedTargets, workerTimeoutSeconds, longestSweepSeconds, workerConcurrency } =
    environmentNames;
  const told = {
    Orchestrator: [
      bucket,
      worker,
      aggregator,
      allowedTargets,
      workerTimeoutSeconds,
      longestSweepSeconds,
      workerConcurrency,
    ],
    Worker: [bucket, allowedTargets],
    Aggregator: [bucket],
  } as const;
  for (const name of ['Orchestrator', 'Worker', 'Aggregator'] as const) {
    it(`the ${name.toLowerCase()} has the variables that it reads, and no others`, () => {
      assert.deepEqual(Object.keys(variablesOf(full, name)).sort(), [...told[name]].sort());
    });
  }

  it('the orchestrator calls the others by their aliases, so that their event configuration counts', () => {
    const variables = variablesOf(full, 'Orchestrator');
    const aliases = full.findResources('AWS::Lambda::Alias');
    assert.ok(variables[worker].Ref in aliases);
    assert.ok(variables[aggregator].Ref in aliases);
  });

  it('orchestrator and worker have the allowed pairs, word for word', () => {
    for (const name of ['Orchestrator', 'Worker'] as const)
      assert.deepEqual(JSON.parse(variablesOf(full, name)[allowedTargets]), fullContext.allowedTargets);
  });
});

describe('the stack by its context', () => {
  const rows: readonly (Intent & { readonly context: Readonly<Record<string, unknown>> })[] = [
    {
      intent: 'texts after -c are taken as what they say',
      reason: 'the CDK’s command line knows no other type',
      context: { recordDays: '7', workerMemoryMb: '3008', maxConcurrency: '20', logRetentionDays: '7' },
      check: (template) => {
        has('AWS::S3::Bucket', {
          LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 7 })]) },
        })(template);
        has('AWS::Lambda::Function', { MemorySize: 3008, ReservedConcurrentExecutions: 20 })(template);
        all('AWS::Logs::LogGroup', { RetentionInDays: 7 })(template);
      },
    },
    {
      intent: 'removalPolicy destroy empties and deletes the bucket',
      reason: 'CloudFormation deletes no bucket that holds something',
      context: { removalPolicy: 'destroy' },
      check: (template) => {
        template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
        template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
      },
    },
    {
      intent: 'kmsKeyArn encrypts the bucket, and the roles may use the key',
      reason: 'without the right to the key every put would fail',
      context: { kmsKeyArn },
      check: (template) => {
        const byKey = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn };
        has('AWS::S3::Bucket', {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: byKey }],
          },
        })(template);
        const use = Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: kmsKeyArn });
        const policies = template.findResources('AWS::IAM::Policy', {
          Properties: Match.objectLike({ PolicyDocument: { Statement: Match.arrayWith([use]) } }),
        });
        assert.equal(Object.keys(policies).length, 3);
      },
    },
    {
      intent: 'vpc puts the worker into the network, and no other function',
      reason: 'the others talk to AWS alone, and would need endpoints for it there',
      context: { vpc: fullContext.vpc },
      check: (template) => {
        const inside = { Properties: Match.objectLike({ VpcConfig: { SubnetIds: fullContext.vpc.subnetIds } }) };
        const found = Object.values(template.findResources('AWS::Lambda::Function', inside));
        assert.deepEqual(
          found.map(({ Properties }) => Properties.MemorySize),
          [1769],
        );
      },
    },
    {
      intent: 'stackName names the Athena database, in lower case with underscores',
      reason: 'Athena’s names know neither capitals nor hyphens',
      context: { stackName: 'Paretoken-EU', athena: 'true' },
      check: has('AWS::Glue::Database', { DatabaseInput: { Name: 'paretoken_eu' } }),
    },
  ];
  for (const { intent, reason, context, check } of rows) it(`${intent}: ${reason}`, () => check(templateWith(context)));

  it('hosts are in the outputs, their secrets are not', () => {
    full.hasOutput('AllowedTargets', { Value: '["llm.example.com","private.example.com:8443"]' });
  });
});
