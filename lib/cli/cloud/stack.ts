import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { s3Store } from '../../store/s3-store.ts';
import type { VersionedStore } from '../../store/store.ts';
import type { Clock } from '../../timing/clock.ts';
import { environmentVariable } from '../environment.ts';
import { RefusedError } from '../exit.ts';
import { awsError } from './aws-error.ts';
import type { CloudFlags } from './flags.ts';

/** A deployed stack, found. */
export interface Stack {
  readonly name: string;
  /** Null: as the AWS CLI finds it. */
  readonly region: string | null;
  readonly bucket: string;
  /** Name of the function that runs sweeps; its alias `live` is what is invoked. */
  readonly orchestrator: string;
  readonly store: VersionedStore;
  /** For further clients of the SDK. */
  readonly client: ClientOptions;
}

interface ClientOptions {
  readonly region?: string;
  readonly profile?: string;
}

/** An uplink of 1 Mbit/s: a file of prompts may have 32 MiB. */
const slowestUpload = 128 * 1024;

/**
 * Finds a stack by its name, as the AWS CLI would with the same region and profile.
 * @throws RefusedError that says what to do
 */
export async function findStack({ stack, region, profile }: CloudFlags, clock: Clock): Promise<Stack> {
  const chosen = region ?? environmentVariable('AWS_REGION') ?? environmentVariable('AWS_DEFAULT_REGION');
  const client: ClientOptions = {
    ...(chosen === null ? {} : { region: chosen }),
    ...(profile === undefined ? {} : { profile }),
  };
  const outputs = await readOutputs(stack, client);
  const output = (name: string) => {
    const value = outputs.get(name);
    if (value === undefined) {
      throw new RefusedError(
        `the stack ${stack} has no output ${name}: is it one of Paretoken's? Name another with --stack, or deploy it again`,
      );
    }
    return value;
  };
  const bucket = output('Bucket');
  const endpoint = environmentVariable('AWS_ENDPOINT_URL_S3') ?? environmentVariable('AWS_ENDPOINT_URL');
  return {
    name: stack,
    region: chosen,
    bucket,
    orchestrator: output('Orchestrator'),
    store: s3Store({ bucket, clock, slowestUpload, ...client, ...(endpoint === null ? {} : { endpoint }) }),
    client,
  };
}

async function readOutputs(stack: string, options: ClientOptions): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient({ ...options, maxAttempts: 3 });
  const place = options.region === undefined ? '' : ` in ${options.region}`;
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (cause) {
    if (cause instanceof Error && /does not exist/.test(cause.message)) {
      throw new RefusedError(
        `there is no stack ${stack}${place}: deploy it with \`npx cdk deploy\`, or name another with --stack, --region or --profile`,
        { cause },
      );
    }
    throw awsError(`find the stack ${stack}${place}`, cause);
  } finally {
    client.destroy();
  }
}
