import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigurationError } from '../../cdk/configuration-error.ts';
import { Paretoken } from '../../cdk/paretoken.ts';
import { folderWith, functionsFolder, templateOf } from './synthesize.ts';

describe('the construct in somebody’s own stack', () => {
  it('lets the caller win over every default', () => {
    const template = templateOf((stack) => ({
      recordLifetime: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
      workerSize: { memoryMb: 2048, timeout: Duration.minutes(5) },
      aggregatorSize: { memoryMb: 4096, timeout: Duration.minutes(6) },
      orchestratorSize: { memoryMb: 512, timeout: Duration.minutes(7) },
      maxConcurrency: 30,
      longestSweep: Duration.hours(2),
      historyRetention: Duration.days(1),
      logRetention: RetentionDays.ONE_WEEK,
      athenaDatabase: 'bench',
      workerNetwork: {
        vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }) as IVpc,
        vpcSubnets: { subnetGroupName: 'Isolated' },
      },
    }));
    const sized = (MemorySize: number, Timeout: number, more: object = {}) =>
      template.hasResourceProperties('AWS::Lambda::Function', Match.objectLike({ MemorySize, Timeout, ...more }));
    sized(2048, 300, { ReservedConcurrentExecutions: 30, VpcConfig: Match.anyValue() });
    sized(4096, 360);
    sized(512, 420, {
      DurableConfig: { ExecutionTimeout: 7200, RetentionPeriodInDays: 1 },
      Environment: {
        Variables: Match.objectLike({
          PARETOKEN_WORKER_TIMEOUT_SECONDS: '300',
          PARETOKEN_LONGEST_SWEEP_SECONDS: '7200',
        }),
      },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'bench' } });
  });

  it('keeps what is not named: a size may be given in part', () => {
    const template = templateOf({ workerSize: { timeout: Duration.minutes(5) } });
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1769, Timeout: 300 });
  });

  it('takes hosts and secrets of the same stack, which are known only on deployment', () => {
    const template = templateOf((stack) => {
      const secret = new Secret(stack, 'Key');
      return { allowedTargets: [{ host: `${stack.account}.llm.example.com`, secret: secret.secretArn }] };
    });
    const [key] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'secretsmanager:GetSecretValue', Resource: { Ref: key } }),
        ]),
      }),
    });
  });

  it('has the outputs of the command line only where they are asked for', () => {
    const props = { functionsFolder, allowedTargets: [{ host: 'llm.example.com' }] };
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Own');
    new Paretoken(stack, 'Bench', props).addOutputs();
    Template.fromStack(stack).hasOutput('AllowedTargets', { Value: '["llm.example.com"]' });
    Template.fromStack(stack).hasOutput('Orchestrator', {});
    assert.deepEqual(Object.keys(templateOf(props).findOutputs('*')), []);
  });

  it('makes no schedules unless it is given a folder', () => {
    templateOf({}).resourceCountIs('AWS::Scheduler::ScheduleGroup', 0);
    const schedulesFolder = folderWith({
      'x.yaml':
        'schedule: {rate: 1 day}\nsweep: {target: {url: http://a}, workload: {inputTokens: 1, outputTokens: 1}, load: {levels: [1]}}',
    });
    templateOf({ schedulesFolder }).resourceCountIs('AWS::Scheduler::Schedule', 1);
  });

  it('refuses faulty pairs, all at once', () => {
    assert.throws(
      () => templateOf({ allowedTargets: [{ host: 'https://a' }, { host: 'b', secret: 's', parameter: 'p' }] }),
      (error) => error instanceof ConfigurationError && error.faults.length === 2,
    );
  });

  it('names the command that makes the bundles where they are missing', () => {
    assert.throws(
      () => templateOf({ functionsFolder: `${functionsFolder}/none` }),
      /orchestrator.*npm run build:functions/,
    );
  });
});
