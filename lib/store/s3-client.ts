import { isIP } from 'node:net';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Where a bucket is; region, credentials and endpoint are the environment's, as the AWS CLI finds them, unless told. */
export interface S3ClientOptions {
  readonly region?: string;
  /** A profile of the AWS configuration files. */
  readonly profile?: string;
  readonly credentials?: S3ClientConfig['credentials'];
  /** Another server that speaks S3, such as `http://127.0.0.1:9000`. */
  readonly endpoint?: string;
  /** The bucket stands in the path instead of the host. @default true where the endpoint is an address or localhost */
  readonly forcePathStyle?: boolean;
}

const connectWithinMs = 3000;
/** From the start of a request to the answer, unless a request says otherwise. */
export const answerWithinMs = 10_000;

/** An S3 client that checks every byte both ways and asks once: whoever uses it decides about further attempts. */
export function s3Client(options: S3ClientOptions = {}): S3Client {
  const { region, profile, credentials, endpoint, forcePathStyle } = options;
  return new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: forcePathStyle ?? (endpoint !== undefined && isOneHost(endpoint)),
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    requestHandler: {
      connectionTimeout: connectWithinMs,
      requestTimeout: answerWithinMs,
      throwOnRequestTimeout: true,
    },
  });
}

/** Whether names under this host lead nowhere, so that no bucket can stand before it. */
function isOneHost(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
