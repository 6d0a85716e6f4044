import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';

/** How Lambda is reached; what is left out is the environment's, as the AWS CLI finds it. */
export interface LambdaClientOptions {
  readonly region?: string;
  /** A profile of the AWS configuration files. */
  readonly profile?: string;
  readonly credentials?: LambdaClientConfig['credentials'];
  /** Another server that speaks Lambda's API, such as `http://127.0.0.1:9001`. */
  readonly endpoint?: string;
  /** Attempts of one call, the first included, when it is throttled or fails for the moment. @default 5 */
  readonly attempts?: number;
  /** Of one attempt. @default 10,000 */
  readonly answerWithinMs?: number;
}

const connectWithinMs = 3000;

/** A Lambda client whose calls end: bounded attempts, each with a time to connect and a time to answer. */
export function lambdaClient(options: LambdaClientOptions = {}): LambdaClient {
  const { region, profile, credentials, endpoint, attempts = 5, answerWithinMs = 10_000 } = options;
  return new LambdaClient({
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: attempts,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: connectWithinMs,
      requestTimeout: answerWithinMs,
      throwOnRequestTimeout: true,
    },
  });
}
