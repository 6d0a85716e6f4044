import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AllowedTarget } from '../lib/target/allowed-targets.ts';
import type { FunctionNetwork, FunctionSize } from './live-function.ts';

/** What a construct of one's own may set; what is not set is as in the stack of `cdk deploy`. */
export interface ParetokenProps {
  /**
   * The endpoints that may be measured, each with the key that may be sent to it.
   *
   * @default none: every sweep is refused, and the refusal tells how to allow its endpoint
   */
  readonly allowedTargets?: readonly AllowedTarget[];

  /**
   * Customer managed keys that encrypt the secrets and parameters of the allowed targets.
   *
   * @default none: they are encrypted by the services' own keys
   */
  readonly secretKeys?: readonly IKey[];

  /**
   * How long records of single requests are kept. Reports and all else of a sweep stay.
   *
   * @default Duration.days(90)
   */
  readonly recordLifetime?: Duration;

  /**
   * What becomes of the bucket when the stack is deleted; DESTROY deletes every result with it.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Key that encrypts the bucket. Its policy must let the account's roles use it, as a key's policy does by default.
   *
   * @default keys managed by S3
   */
  readonly encryptionKey?: IKey;

  /**
   * Where the worker runs, to reach private endpoints. The network must lead to S3, and to Secrets Manager or Systems
   * Manager where keys are kept there. The other functions talk to AWS alone and stay outside.
   *
   * @default none: the worker reaches the internet
   */
  readonly workerNetwork?: FunctionNetwork;

  /**
   * Size of a worker; the memory also gives its share of a processor.
   *
   * @default 1,769 MiB, which is one whole vCPU, and 15 minutes
   */
  readonly workerSize?: Partial<FunctionSize>;

  /**
   * Size of the aggregator.
   *
   * @default 3,008 MiB, the most that a new account may have, and 15 minutes
   */
  readonly aggregatorSize?: Partial<FunctionSize>;

  /**
   * Size of the orchestrator. It sleeps while a stage runs: this is about its moments of work.
   *
   * @default 1,024 MiB and 15 minutes
   */
  readonly orchestratorSize?: Partial<FunctionSize>;

  /**
   * Workers that may run at once, taken from the account's concurrency and kept for them.
   *
   * @default none reserved: workers share the account's concurrency
   */
  readonly maxConcurrency?: number;

  /**
   * A sweep that may take longer is refused, and one that does all the same is ended.
   *
   * @default Duration.hours(24)
   */
  readonly longestSweep?: Duration;

  /**
   * How long the steps of an ended sweep can be looked up in Lambda, in whole days.
   *
   * @default Duration.days(14)
   */
  readonly historyRetention?: Duration;

  /**
   * How long logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Folder of schedules, a file each.
   *
   * @default none
   */
  readonly schedulesFolder?: string;

  /**
   * Name of a Glue database that is made with a table over the records, for Athena.
   *
   * @default none is made
   */
  readonly athenaDatabase?: string;

  /**
   * Folder of the bundled handlers.
   *
   * @default the bundles of this package
   */
  readonly functionsFolder?: string;
}
