import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { attempted, OutOfTimeError } from '../timing/attempts.ts';
import { type Clock, systemClock } from '../timing/clock.ts';
import type { Secrets } from './ports.ts';
import { SecretError } from './secret-error.ts';
import { keyIn } from './secret-text.ts';
import type { SecretTurn } from './secret-turn.ts';

/** How the services are reached; what is left out is the environment's, as the AWS CLI finds it. */
export interface CloudSecretsOptions {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Another server that speaks both services' API. */
  readonly endpoint?: string;
  /** Attempts of one call, the first included; throttled ones of Parameter Store don't count. @default 4 */
  readonly attempts?: number;
  /** Of one attempt. @default 5000 */
  readonly answerWithinMs?: number;
  /** When Parameter Store is asked, whose quota is small. @default at once, and for ten seconds */
  readonly turn?: SecretTurn;
  /** @default the system's */
  readonly clock?: Clock;
}

const defaultAttempts = 4;

/** Keys from Secrets Manager and Parameter Store, decrypted; a function in the cloud has no environment of the user's. */
export function cloudSecrets(options: CloudSecretsOptions = {}): Secrets {
  return {
    async resolve(reference) {
      if ('secret' in reference) return fromSecretsManager(reference, options);
      if ('parameter' in reference) return fromParameterStore(reference.parameter, options);
      throw new SecretError(
        'NotHere',
        'target.auth.env names an environment variable, and workers in the cloud have none of yours: put the key into Secrets Manager or Parameter Store and name it under target.auth.secret or target.auth.parameter',
      );
    },
  };
}

async function fromSecretsManager(
  { secret, field }: { readonly secret: string; readonly field: string | null },
  options: CloudSecretsOptions,
): Promise<string> {
  const place = `the secret ${JSON.stringify(secret)}`;
  const region = regionOf(secret) ?? options.region;
  const client = new SecretsManagerClient(clientConfig({ ...options, ...(region === undefined ? {} : { region }) }));
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    if (SecretString === undefined) {
      throw new SecretError('Binary', `${place} holds bytes, not text: store the endpoint's key as a text`);
    }
    return keyIn({ place, text: SecretString, field });
  } catch (cause) {
    throw told(cause, place, 'secretsmanager:GetSecretValue');
  } finally {
    client.destroy();
  }
}

const atOnce: SecretTurn = { waitMs: 0, withinMs: 10_000, chance: () => 0.5 };

async function fromParameterStore(parameter: string, options: CloudSecretsOptions): Promise<string> {
  const { turn = atOnce, clock = systemClock(), attempts = defaultAttempts } = options;
  const place = `the parameter ${JSON.stringify(parameter)}`;
  const client = new SSMClient(clientConfig({ ...options, attempts: 1 }));
  const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
  let failed = 0;
  const isPassing = (error: unknown) => isThrottled(error) || (isTheirFault(error) && ++failed < attempts);
  const bounds = { clock, attempts: Number.POSITIVE_INFINITY, withinMs: turn.withinMs, isPassing, chance: turn.chance };
  try {
    await clock.sleepUntil(clock.nowUs() + turn.waitMs * 1000);
    const { Parameter } = await attempted(bounds, (abortSignal) => client.send(command, { abortSignal }));
    return keyIn({ place, text: Parameter?.Value ?? '', field: null });
  } catch (cause) {
    throw told(cause, place, 'ssm:GetParameter');
  } finally {
    client.destroy();
  }
}

const isThrottled = (error: unknown) => error instanceof Error && /Throttling|TooManyRequests/.test(error.name);

function isTheirFault(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500;
}

function clientConfig({
  region,
  credentials,
  endpoint,
  attempts = defaultAttempts,
  answerWithinMs = 5000,
}: CloudSecretsOptions) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: 3000, requestTimeout: answerWithinMs, throwOnRequestTimeout: true },
  };
}

/** Of an ARN: the secret may be in another region than the worker. */
const regionOf = (secret: string) => (secret.startsWith('arn:') ? secret.split(':')[3] : undefined);

const longestWords = 300;

/** A failure with what to do, and AWS's own words, which never hold what is stored. */
function told(failure: unknown, place: string, right: string): SecretError {
  if (failure instanceof SecretError) return failure;
  // What was answered last says more than that the time was over.
  const cause = failure instanceof OutOfTimeError ? (failure.cause ?? failure) : failure;
  const { name, message } = cause instanceof Error ? cause : { name: 'Unknown', message: String(cause) };
  const words = `${name}: ${message}`.replace(/[.\s]+$/, '').slice(0, longestWords);
  return new SecretError(name, `can't read ${place}: ${words}. ${remedyOf(name, message, right)}`, { cause });
}

function remedyOf(name: string, message: string, right: string): string {
  if (/NotFound/.test(name)) return 'Check its name, its region and its account.';
  if (/kms/i.test(message) || /Decrypt|InvalidKeyId/.test(name))
    return "It is encrypted with a KMS key of its own: give the worker's role kms:Decrypt on that key.";
  if (/AccessDenied/.test(name))
    return `The worker's role needs ${right} on it: name it beside the host in allowedTargets, and deploy again.`;
  if (/InvalidRequest/.test(name)) return 'It may be about to be deleted: restore it, or name another.';
  if (/Throttling|TooManyRequests/.test(name))
    return 'Too many workers asked at once: keep the key in Secrets Manager, or raise the throughput of Parameter Store in its settings.';
  if (/Timeout|ECONN|ENOTFOUND|NetworkingError/.test(`${name} ${message}`))
    return 'Inside a VPC without internet the service needs an interface endpoint.';
  return 'Look the name up in the documentation of the service.';
}
