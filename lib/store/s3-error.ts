import { OutOfTimeError } from '../timing/attempts.ts';
import { StoreError } from './store.ts';

/** What was tried when S3 refused. */
export interface S3Call {
  readonly verb: 'read' | 'write' | 'list';
  readonly bucket: string;
  /** The prefix, of a list. */
  readonly key: string;
}

const passingCodes = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  // Two conditional writes met: S3 asks to try again.
  'ConditionalRequestConflict',
  'OperationAborted',
  // Bytes went wrong on the way.
  'BadDigest',
  'IncompleteBody',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
]);

const unreachableCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Whether the same call may succeed a little later. */
export function isPassing(error: unknown): boolean {
  const { code, status, clockCorrected, message } = factsOf(error);
  if (passingCodes.has(code) || unreachableCodes.has(code) || status >= 500 || status === 429) return true;
  return clockCorrected || message.startsWith('Checksum mismatch');
}

/** The status of S3's answer; 0 when none came. */
export const statusOf = (error: unknown): number => factsOf(error).status;

/** S3's code for a failure, or the network's. */
export const codeOf = (error: unknown): string => factsOf(error).code;

/** A failure as the store tells it: with S3's code and with what to do. */
export function s3Error(call: S3Call, cause: unknown): StoreError {
  const { verb, bucket, key } = call;
  const place = `s3://${bucket}/${key}`;
  if (cause instanceof OutOfTimeError) {
    const last = cause.cause === undefined ? '' : `; before that: ${wordsOf(cause.cause)}`;
    return new StoreError(key, 'Timeout', `can't ${verb} ${place}: ${cause.message}${last}. ${networkRemedy}`, {
      cause,
    });
  }
  const code = codeOf(cause);
  return new StoreError(key, code, `can't ${verb} ${place}: ${wordsOf(cause)}. ${remedyOf(call, cause)}`, { cause });
}

const networkRemedy =
  'Check the network from here to S3; inside a VPC without internet S3 needs a gateway endpoint in its route tables.';

function remedyOf(call: S3Call, cause: unknown): string {
  const { code, status, region, message } = factsOf(cause);
  if (code === 'NoSuchBucket')
    return 'Check the name of the bucket and the account, or deploy the stack: npx cdk deploy.';
  if (/expired/i.test(code) || /expired/i.test(message))
    return 'Sign in again (such as aws sso login), or renew the credentials.';
  if (/^Credentials|^Token/.test(code))
    return 'Sign in (such as aws sso login), or name a profile that has credentials.';
  if (code === 'InvalidAccessKeyId' || code === 'SignatureDoesNotMatch')
    return 'Check which credentials are used (aws sts get-caller-identity).';
  if (/Region is missing/.test(message)) return 'Set AWS_REGION, or name the region of the stack.';
  if (region !== null || code === 'PermanentRedirect' || code === 'AuthorizationHeaderMalformed')
    return `The bucket is in ${region === null ? 'another region' : `the region ${region}`}: name that one.`;
  if (status === 403) return rightsRemedy(call);
  if (unreachableCodes.has(code) || code === 'TimeoutError') return networkRemedy;
  if (isPassing(cause)) return 'S3 said so at every attempt: try again in a few minutes.';
  return 'Look the code up in the S3 documentation under "error responses".';
}

function rightsRemedy({ verb, bucket, key }: S3Call): string {
  const rights = {
    read: `s3:GetObject on arn:aws:s3:::${bucket}/${key}; without s3:ListBucket on the bucket a key that is not there is answered so, too`,
    write: `s3:PutObject on arn:aws:s3:::${bucket}/${key} (and s3:GetObject to replace a version)`,
    list: `s3:ListBucket on arn:aws:s3:::${bucket} for the prefix ${key}`,
  };
  return `These credentials need ${rights[verb]}; where the bucket has a KMS key of its own, also the rights to use that.`;
}

const longestWords = 300;

function wordsOf(cause: unknown): string {
  const { code, message } = factsOf(cause);
  const words = code === 'Unknown' ? message : message === '' || message === code ? code : `${code}: ${message}`;
  return words.replace(/[.\s]+$/, '').slice(0, longestWords);
}

interface Facts {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Where the bucket is, if S3 says that it is elsewhere. */
  readonly region: string | null;
  /** The client has set its clock by S3's answer, and would be understood now. */
  readonly clockCorrected: boolean;
}

const codesByStatus: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  403: 'AccessDenied',
  404: 'NotFound',
  412: 'PreconditionFailed',
  429: 'SlowDown',
  503: 'SlowDown',
};

/** What the SDK tells of a failure, in whatever form it does. */
function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) {
    return { code: 'Unknown', message: String(error), status: 0, region: null, clockCorrected: false };
  }
  const metadata = recordAt(error, '$metadata');
  const status = Number(metadata['httpStatusCode'] ?? 0);
  const named = /^(Error|Unknown\w*|\d+|S3ServiceException)$/.test(error.name) ? null : error.name;
  const code = textAt(error, 'code') ?? textAt(recordAt(error, 'cause'), 'code');
  const moved = status === 301 || status === 400 || status === 307;
  const header = recordAt(recordAt(error, '$response'), 'headers')['x-amz-bucket-region'];
  return {
    code: named ?? code ?? codesByStatus[status] ?? 'Unknown',
    message: error.message,
    status,
    region: moved ? (textAt(error, 'Region') ?? (typeof header === 'string' ? header : null)) : null,
    clockCorrected: metadata['clockSkewCorrected'] === true,
  };
}

function recordAt(value: object, key: string): Record<string, unknown> {
  const inner: unknown = Reflect.get(value, key);
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
}

function textAt(value: object, key: string): string | null {
  const text: unknown = Reflect.get(value, key);
  return typeof text === 'string' ? text : null;
}
