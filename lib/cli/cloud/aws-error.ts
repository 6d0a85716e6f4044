import { RefusedError } from '../exit.ts';

interface Remedy {
  readonly when: RegExp;
  readonly text: string;
}

/** By the name of the SDK's error and its message. */
const remedies: readonly Remedy[] = [
  {
    when: /CredentialsProviderError|Could not load credentials|could not be found.*profile|Could not resolve credentials/i,
    text: 'no AWS credentials were found: run `aws configure` or `aws sso login`, or name a profile with --profile',
  },
  {
    when: /ExpiredToken|TokenRefreshRequired|SSO session.*expired|security token.*expired/i,
    text: 'the AWS credentials have expired: log in again, such as with `aws sso login`',
  },
  {
    when: /UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId/i,
    text: 'AWS does not know these credentials: check the profile, or name another with --profile',
  },
  { when: /Region is missing/i, text: 'no AWS region is set: give --region, or set AWS_REGION' },
  { when: /ENOTFOUND|EAI_AGAIN/, text: 'the region has no such service, or there is no network: check --region' },
  { when: /ECONNREFUSED|ECONNRESET|ETIMEDOUT|TimeoutError/, text: 'AWS could not be reached: check the network' },
];

/** An error of the AWS SDK as one that says what to do; `doing` says what was tried, such as `find the stack X`. */
export function awsError(doing: string, cause: unknown): RefusedError {
  const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const told = `${name} ${code} ${message}`;
  const remedy = /AccessDenied|not authorized/i.test(told)
    ? `your role may not do that; an administrator can grant it (docs/deploy.md lists the rights). AWS says: ${message}`
    : (remedies.find(({ when }) => when.test(told))?.text ?? `AWS says: ${message || name}`);
  return new RefusedError(`can't ${doing}: ${remedy}`, { cause });
}
