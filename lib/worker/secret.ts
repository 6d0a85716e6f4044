import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Secrets } from './ports.ts';
import { SecretError } from './secret-error.ts';
import { keyIn } from './secret-text.ts';

/** How the services are reached; what is left out is the environment's, as the AWS CLI finds it. */
export interface CloudSecretsOptions {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Another server that speaks both services' API. */
  readonly endpoint?: string;
  /** Attempts of one call, the first included. @default 4 */
  readonly attempts?: number;
  /** Of one attempt. @default 5000 */
  readonly answerWithinMs?: number;
}

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

async function fromParameterStore(parameter: string, options: CloudSecretsOptions): Promise<string> {
  const place = `the parameter ${JSON.stringify(parameter)}`;
  const client = new SSMClient(clientConfig(options));
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
    return keyIn({ place, text: Parameter?.Value ?? '', field: null });
  } catch (cause) {
    throw told(cause, place, 'ssm:GetParameter');
  } finally {
    client.destroy();
  }
}

function clientConfig({ region, credentials, endpoint, attempts = 4, answerWithinMs = 5000 }: CloudSecretsOptions) {
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
function told(cause: unknown, place: string, right: string): SecretError {
  if (cause instanceof SecretError) return cause;
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
  if (/Timeout|ECONN|ENOTFOUND|NetworkingError/.test(`${name} ${message}`))
    return 'Inside a VPC without internet the service needs an interface endpoint.';
  return 'Look the name up in the documentation of the service.';
}
