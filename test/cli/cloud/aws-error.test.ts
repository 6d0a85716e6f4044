import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { awsError } from '../../../lib/cli/cloud/aws-error.ts';

const named = (name: string, message: string, code?: string) =>
  Object.assign(new Error(message), { name, ...(code && { code }) });

describe('an error of AWS says what to do', () => {
  const cases: readonly [string, Error, RegExp][] = [
    [
      'nobody is logged in',
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      /no AWS credentials.*aws sso login.*--profile/,
    ],
    [
      'a profile that is not there',
      named('CredentialsProviderError', 'Could not resolve credentials using profile: [x]'),
      /--profile/,
    ],
    [
      'credentials of yesterday',
      named('ExpiredTokenException', 'The security token included in the request is expired'),
      /expired: log in again/,
    ],
    [
      'credentials that AWS does not know',
      named('UnrecognizedClientException', 'The security token included in the request is invalid.'),
      /does not know these credentials/,
    ],
    [
      'a right is missing',
      named('AccessDenied', 'User: arn is not authorized to perform: cloudformation:DescribeStacks'),
      /your role may not.*cloudformation:DescribeStacks/,
    ],
    ['no region', named('Error', 'Region is missing'), /--region/],
    [
      'a region that is none',
      named('Error', 'getaddrinfo ENOTFOUND lambda.moon-1.amazonaws.com', 'ENOTFOUND'),
      /check --region/,
    ],
    ['no network', named('Error', 'connect ECONNREFUSED', 'ECONNREFUSED'), /could not be reached/],
    ['anything else', named('ServiceException', 'it rains'), /AWS says: it rains/],
  ];
  for (const [reason, cause, expected] of cases) {
    it(reason, () => {
      const error = awsError('find the stack X', cause);
      assert.match(error.message, /^can't find the stack X: /);
      assert.match(error.message, expected);
      assert.equal(error.cause, cause);
    });
  }
});
