import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  Code,
  type DurableConfig,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Memory in MiB and time of a function. */
export interface FunctionSize {
  readonly memoryMb: number;
  readonly timeout: Duration;
}

/** What the three functions share. */
export interface SharedFunctionProps {
  readonly failureQueue: IQueue;
  readonly logRetention: RetentionDays;
}

/** Where in a network a function runs. */
export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

export interface LiveFunctionProps extends SharedFunctionProps {
  readonly description: string;
  /** Folder of the bundle. */
  readonly bundle: string;
  readonly size: FunctionSize;
  readonly environment: Record<string, string>;
  /** @default an ordinary function */
  readonly durableConfig?: DurableConfig;
  /** @default none reserved */
  readonly reservedConcurrency?: number;
  /** @default none: the function reaches the internet, and nothing private */
  readonly network?: FunctionNetwork;
}

/**
 * A function behind the alias `live`, with a role and a log of its own. An event that it fails is not sent to it
 * again, since a load sent twice is another load than the one asked for; it ends in the failure queue.
 */
export class LiveFunction extends Construct {
  readonly role: Role;
  readonly function: LambdaFunction;
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: LiveFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'Log',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.function = new LambdaFunction(this, 'Resource', {
      description: props.description,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.size.memoryMb,
      timeout: props.size.timeout,
      environment: props.environment,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      deadLetterQueue: props.failureQueue,
      // What has begun on a version ends on it.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      ...(props.durableConfig ? { durableConfig: props.durableConfig } : {}),
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...props.network,
    });
    // The library's own types don't fit each other under exactOptionalPropertyTypes.
    const version = this.function.currentVersion as IVersion;
    this.alias = new Alias(this, 'Live', { aliasName: 'live', version });
    this.alias.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(60) });
    Validations.of(this).acknowledge(
      {
        id: 'Serverless-LambdaTracing',
        reason: 'A sweep is followed by its status, progress and receipts; traces would add work beside the stamps.',
      },
      {
        id: 'Serverless-LambdaAsyncFailureDestination',
        reason: 'Failed events end in the dead-letter queue, since a durable function takes no destinations.',
      },
    );
  }
}
