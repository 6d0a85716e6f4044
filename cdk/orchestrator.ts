import { Annotations, type Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { environmentNames } from '../functions/environment.ts';
import type { AllowedTarget } from '../lib/target/allowed-targets.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';
import { type FunctionSize, LiveFunction, type SharedFunctionProps } from './live-function.ts';
import type { ResultsBucket } from './results-bucket.ts';

export interface OrchestratorProps extends SharedFunctionProps {
  readonly bundle: string;
  readonly results: ResultsBucket;
  readonly size: FunctionSize;
  readonly worker: LiveFunction;
  readonly aggregator: LiveFunction;
  readonly allowedTargets: readonly AllowedTarget[];
  readonly workerTimeout: Duration;
  /** @default none reserved */
  readonly workerConcurrency?: number;
  readonly longestSweep: Duration;
  readonly historyRetention: Duration;
}

/** Carries out a sweep as a durable execution; knows which keys are allowed, and can't read them. */
export class Orchestrator extends Construct {
  readonly live: LiveFunction;

  constructor(scope: Construct, id: string, props: OrchestratorProps) {
    super(scope, id);
    const { results, worker, aggregator, longestSweep, historyRetention, ...shared } = props;
    this.live = new LiveFunction(this, 'Function', {
      bundle: shared.bundle,
      size: shared.size,
      failureQueue: shared.failureQueue,
      logRetention: shared.logRetention,
      description: 'Carries out a Paretoken sweep',
      durableConfig: { executionTimeout: longestSweep, retentionPeriod: historyRetention },
      environment: {
        [environmentNames.bucket]: results.bucket.bucketName,
        [environmentNames.worker]: worker.alias.functionArn,
        [environmentNames.aggregator]: aggregator.alias.functionArn,
        [environmentNames.allowedTargets]: Stack.of(this).toJsonString(props.allowedTargets),
        [environmentNames.workerTimeoutSeconds]: String(props.workerTimeout.toSeconds()),
        [environmentNames.longestSweepSeconds]: String(longestSweep.toSeconds()),
        ...(props.workerConcurrency !== undefined && {
          [environmentNames.workerConcurrency]: String(props.workerConcurrency),
        }),
      },
    });
    Annotations.of(this.live.function).acknowledgeInfo(
      'aws-lambda:Function.DurableConfig',
      'The function has been durable from the start.',
    );
    results.grant(this.live.role, {
      read: ['sweeps/*', 'schedules/*'],
      write: ['sweeps/*', 'schedules/*'],
      list: ['sweeps/', 'schedules/'],
    });
    this.grantCalls([worker, aggregator]);
    this.grantOwnExecutions();
  }

  private grantCalls(callees: readonly LiveFunction[]): void {
    this.live.role.addToPolicy(
      new PolicyStatement({
        sid: 'Call',
        actions: ['lambda:InvokeFunction'],
        resources: callees.map(({ alias }) => alias.functionArn),
      }),
    );
    this.live.role.addToPolicy(
      new PolicyStatement({ sid: 'ReadQuota', actions: ['lambda:GetAccountSettings'], resources: ['*'] }),
    );
    acknowledgeWildcards(this.live.role, ['*'], 'Reading the account’s quota is an action without a resource.');
  }

  private grantOwnExecutions(): void {
    const executions = `${this.live.function.functionArn}:*`;
    // A policy of its own, since the function waits for the role's, and this one names the function.
    const policy = new Policy(this, 'OwnExecutions', {
      roles: [this.live.role],
      statements: [
        new PolicyStatement({
          actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
          resources: [executions],
        }),
      ],
    });
    const reason = 'The ARN of an execution goes on after the function’s version; an alias does not stand for it.';
    acknowledgeWildcards(policy, [executions], reason);
  }
}
