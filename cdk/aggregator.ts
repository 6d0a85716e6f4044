import { Construct } from 'constructs';
import { environmentNames } from '../functions/environment.ts';
import { type FunctionSize, LiveFunction, type SharedFunctionProps } from './live-function.ts';
import type { ResultsBucket } from './results-bucket.ts';

export interface AggregatorProps extends SharedFunctionProps {
  readonly bundle: string;
  readonly results: ResultsBucket;
  readonly size: FunctionSize;
}

/** Reduces a stage's records to its point and draws the report; deletes nothing. */
export class Aggregator extends Construct {
  readonly live: LiveFunction;

  constructor(scope: Construct, id: string, { results, ...props }: AggregatorProps) {
    super(scope, id);
    this.live = new LiveFunction(this, 'Function', {
      ...props,
      description: 'Reduces the records of a Paretoken stage and draws the report',
      environment: { [environmentNames.bucket]: results.bucket.bucketName },
    });
    results.grant(this.live.role, {
      read: ['sweeps/*', 'records/*', 'reports/*'],
      write: ['sweeps/*/points/*', 'reports/*'],
      list: ['sweeps/', 'records/'],
    });
  }
}
