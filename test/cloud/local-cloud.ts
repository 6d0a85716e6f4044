import { S3Client } from '@aws-sdk/client-s3';
import { AccessControl } from './access-control.ts';
import { adminVariables, roleVariables } from './caller.ts';
import { startCloudFormationServer } from './cloudformation-server.ts';
import type { DurableService } from './durable-service.ts';
import type { EventDelays } from './event-queue.ts';
import type { Fault } from './fault-list.ts';
import type { Statement } from './iam.ts';
import { LambdaEmulator } from './lambda-emulator.ts';
import type { S3Faults, S3Match, S3Moment } from './s3-faults.ts';
import { startS3Server } from './s3-server.ts';
import { Scheduler } from './scheduler.ts';
import { startSecretsServer } from './secrets-server.ts';
import { type FunctionModel, region, type StackModel } from './stack-model.ts';
import { readStack } from './template.ts';

export interface LocalCloudOptions {
  /** The folder that `cdk synth` wrote. */
  readonly assembly: string;
  readonly stackName: string;
  /** Name or ARN → SecretString. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Name → value of a parameter in the parameter store. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Roles beside the stack's, such as a user's: name → statements. */
  readonly roles?: Readonly<Record<string, readonly Statement[]>>;
  /** Executions that functions without a reservation may have at once; default 1,000. */
  readonly unreservedConcurrency?: number;
  /** How soon events are tried again and how soon they are too old; default: short delays, ages as configured. */
  readonly delays?: EventDelays;
  /** Changes a function before it is deployed, such as its timeout. */
  readonly adjust?: (model: FunctionModel) => FunctionModel;
}

export interface LocalCloud {
  /** What a process needs to speak to this cloud as its admin, by any AWS SDK. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for a process in a role: of the stack, or of the option `roles`. */
  envOfRole(roleName: string): Readonly<Record<string, string>>;
  readonly stack: StackModel;
  readonly outputs: Readonly<Record<string, string>>;
  /** The admin's client. */
  readonly s3: S3Client;
  readonly s3Faults: S3Faults;
  readonly lambda: LambdaEmulator;
  readonly durable: DurableService;
  /** Each request of a function that its role's policies refused: `role action resource`. */
  readonly denied: readonly string[];
  /** What a function has written, with the platform's lines. */
  logs(functionName: string): string;
  /** Ends a function's process at a request it makes to S3: before it is carried out, or after and unanswered. */
  killAt(match: S3Match, moment: S3Moment, times?: number): Fault;
  /** Delivers a schedule's event as of a time. */
  fireSchedule(name: string, scheduledTime: Date): void;
  /** Ends all processes and servers; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Deploys a synthesized stack to an AWS inside this machine: S3, Lambda with durable executions, CloudFormation,
 * Secrets Manager and the parameter store. Functions run their real bundles in processes of their own, under
 * credentials that name their role, and each of their requests is held against that role's policies.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { assembly, stackName, secrets = {}, parameters = {}, adjust = (model) => model } = options;
  const read = readStack(assembly, stackName);
  const stack = { ...read, functions: read.functions.map(adjust) };
  const roles = new Map([...stack.roles, ...Object.entries(options.roles ?? {})]);
  const access = new AccessControl({ roles, buckets: stack.bucketPolicies });
  const s3Server = await startS3Server(access);
  const secretsServer = await startSecretsServer({ secrets, parameters, access });
  const stacksServer = await startCloudFormationServer([stack], access);
  const lambda = new LambdaEmulator({
    functions: stack.functions,
    access,
    ...(options.unreservedConcurrency !== undefined && { unreservedConcurrency: options.unreservedConcurrency }),
    ...(options.delays && { delays: options.delays }),
  });
  const endpoints = {
    AWS_ENDPOINT_URL_S3: s3Server.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsServer.url,
    AWS_ENDPOINT_URL_SSM: secretsServer.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacksServer.url,
  };
  const places = { ...endpoints, AWS_ENDPOINT_URL_LAMBDA: await lambda.start(endpoints), AWS_REGION: region };
  for (const bucket of stack.buckets) await s3Server.createBucket(bucket);
  const s3 = adminS3(s3Server.url);
  const scheduler = new Scheduler(stack.schedules, lambda);
  const end = async () => {
    s3.destroy();
    await lambda.stop();
    await Promise.all([s3Server, secretsServer, stacksServer].map((server) => server.close()));
  };
  let ended: Promise<void> | null = null;
  return {
    env: { ...places, ...adminVariables },
    envOfRole: (roleName) => ({ ...places, ...roleVariables(roleName, 'user') }),
    stack,
    outputs: stack.outputs,
    s3,
    s3Faults: s3Server.faults,
    lambda,
    durable: lambda.durable,
    denied: access.denied,
    logs: (functionName) => logsOf(stack, lambda, functionName),
    killAt: (match, moment, times = 1) => {
      const kill = (environmentId: string | null | undefined) =>
        environmentId ? void lambda.runner.killEnvironment(environmentId) : undefined;
      return s3Server.faults.cut(match, moment, ({ caller }) => kill(caller?.sessionToken), times);
    },
    fireSchedule: (name, scheduledTime) => scheduler.fire(name, scheduledTime),
    stop: () => (ended ??= end()),
  };
}

function adminS3(endpoint: string): S3Client {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = adminVariables;
  return new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}

function logsOf(stack: StackModel, lambda: LambdaEmulator, functionName: string): string {
  const model = stack.functions.find(({ name }) => name === functionName);
  if (!model) throw new Error(`the stack has no function ${functionName}`);
  return lambda.runner.logOf(model).text;
}
