import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AllowedTarget } from '../lib/target/allowed-targets.ts';
import { Aggregator } from './aggregator.ts';
import { faultsOfTargets, refusalOf } from './allowed-targets.ts';
import { ConfigurationError } from './configuration-error.ts';
import { FailureQueue } from './failure-queue.ts';
import { functionsFolder } from './functions-folder.ts';
import type { FunctionSize, LiveFunction } from './live-function.ts';
import { Orchestrator } from './orchestrator.ts';
import type { ParetokenProps } from './paretoken-props.ts';
import { RecordsTable } from './records-table.ts';
import { ResultsBucket } from './results-bucket.ts';
import { Schedules } from './schedules.ts';
import { readSchedulesFolder } from './schedules-folder.ts';
import { Worker } from './worker.ts';

export type { AllowedTarget } from '../lib/target/allowed-targets.ts';
export { ConfigurationError } from './configuration-error.ts';
export type { FunctionNetwork, FunctionSize, LiveFunction } from './live-function.ts';
export type { ParetokenProps } from './paretoken-props.ts';

/** Everything that sweeps need in an account: a bucket, three functions, a queue of failures, schedules. */
export class Paretoken extends Construct {
  /** Where sweeps, records and reports rest. */
  readonly bucket: Bucket;
  /** Started with a sweep through its alias. */
  readonly orchestrator: LiveFunction;
  readonly worker: LiveFunction;
  readonly aggregator: LiveFunction;
  /** Events that no function could take or finish. */
  readonly failureQueue: Queue;
  private readonly allowedHosts: readonly string[];

  constructor(scope: Construct, id: string, props: ParetokenProps = {}) {
    super(scope, id);
    const { allowedTargets = [] } = props;
    const faults = faultsOfTargets(allowedTargets);
    if (faults.length > 0) throw new ConfigurationError(faults.map((fault) => `allowedTargets${fault}`));
    this.allowedHosts = allowedTargets.map(({ host }) => host);
    const bundles = functionsFolder(props.functionsFolder);
    const results = new ResultsBucket(this, 'Bucket', {
      recordLifetime: props.recordLifetime ?? Duration.days(90),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      ...(props.encryptionKey ? { encryptionKey: props.encryptionKey } : {}),
    });
    this.bucket = results.bucket;
    this.failureQueue = new FailureQueue(this, 'Failures').queue;
    const shared = {
      results,
      allowedTargets,
      failureQueue: this.failureQueue,
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    };
    const workerSize = sizeOf(props.workerSize, 1769);
    this.worker = new Worker(this, 'Worker', {
      ...shared,
      bundle: join(bundles, 'worker'),
      size: workerSize,
      secretKeys: props.secretKeys ?? [],
      ...(props.maxConcurrency === undefined ? {} : { reservedConcurrency: props.maxConcurrency }),
      ...(props.workerNetwork ? { network: props.workerNetwork } : {}),
    }).live;
    this.aggregator = new Aggregator(this, 'Aggregator', {
      ...shared,
      bundle: join(bundles, 'aggregator'),
      size: sizeOf(props.aggregatorSize, 3008),
    }).live;
    this.orchestrator = new Orchestrator(this, 'Orchestrator', {
      ...shared,
      bundle: join(bundles, 'orchestrator'),
      ...(props.maxConcurrency === undefined ? {} : { workerConcurrency: props.maxConcurrency }),
      size: sizeOf(props.orchestratorSize, 1024),
      worker: this.worker,
      aggregator: this.aggregator,
      workerTimeout: workerSize.timeout,
      longestSweep: props.longestSweep ?? Duration.hours(24),
      historyRetention: props.historyRetention ?? Duration.days(14),
    }).live;
    this.addSchedules(props.schedulesFolder, allowedTargets);
    if (props.athenaDatabase !== undefined)
      new RecordsTable(this, 'Records', { bucket: this.bucket, databaseName: props.athenaDatabase });
  }

  /** Adds the outputs by which the command line finds the parts of a stack; one stack can have them once. */
  addOutputs(): void {
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(Stack.of(this), id, { value, description });
    output('Bucket', this.bucket.bucketName, 'Where sweeps, records and reports rest');
    output('Orchestrator', this.orchestrator.function.functionName, 'Started with a sweep, as NAME:live');
    output('Worker', this.worker.function.functionName, 'Presses the endpoint');
    output('Aggregator', this.aggregator.function.functionName, 'Draws the reports');
    output('FailureQueue', this.failureQueue.queueUrl, 'Events that no function could take or finish');
    output('AllowedTargets', Stack.of(this).toJsonString(this.allowedHosts), 'Hosts that may be measured');
  }

  private addSchedules(folder: string | undefined, allowed: readonly AllowedTarget[]): void {
    const schedules = folder === undefined ? [] : readSchedulesFolder(folder);
    const faults = schedules
      .filter(({ enabled }) => enabled)
      .flatMap(({ name, spec }) => {
        const refusal = refusalOf(spec.target, allowed);
        return refusal === null ? [] : [`${join(folder ?? '', name)}: sweep.target ${refusal}`];
      });
    if (faults.length > 0) throw new ConfigurationError(faults);
    if (schedules.length === 0) return;
    const { orchestrator, failureQueue } = this;
    new Schedules(this, 'Schedules', { schedules, orchestrator, failureQueue });
  }
}

function sizeOf({ memoryMb, timeout }: Partial<FunctionSize> = {}, standardMemoryMb: number): FunctionSize {
  return { memoryMb: memoryMb ?? standardMemoryMb, timeout: timeout ?? Duration.minutes(15) };
}
