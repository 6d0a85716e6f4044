import { z } from 'zod';
import { isOfTheConnection, ofTheConnection } from './connection-headers.ts';
import { likelyKey, protectedEnvironmentName } from './credentials.ts';

/** Where a key is kept: never the key itself. */
export type SecretReference =
  | { readonly env: string }
  /** Of Secrets Manager, by name or ARN; `field` is the key of a secret that is a JSON object. */
  | { readonly secret: string; readonly field: string | null }
  /** Of Systems Manager's Parameter Store, by name. */
  | { readonly parameter: string };

/** A key by reference, and the header that carries it. */
export type Auth = SecretReference & {
  readonly header: string;
  /** The key is the secret of this service principal, for which a token is fetched. */
  readonly clientId?: string;
};

/** The ways to name a key, of which a sweep uses one. */
export const secretReferences = ['env', 'secret', 'parameter'] as const;

const choices = 'env (an environment variable), secret (of Secrets Manager) or parameter (of Parameter Store)';

const keyItself = 'looks like the key itself, which must not stand in a spec: give its name';

/** A name that is not the key itself, written there by mistake. */
const nameOfKey = (pattern: RegExp, message: string) =>
  z
    .string()
    .regex(pattern, { error: ({ input }) => (likelyKey(String(input)) ? keyItself : message), abort: true })
    .refine((name) => !likelyKey(name), { error: keyItself, abort: true });

const secretPattern = /^([\w/+=.@-]{1,512}|arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]{1,519})$/;

/** How the endpoint knows us. */
export const authSchema = z
  .strictObject({
    env: nameOfKey(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
      .superRefine((name, context) => {
        const refused = protectedEnvironmentName(name);
        if (refused !== null) context.addIssue(refused);
      })
      .optional()
      .describe(
        'The environment variable that holds the key, for a sweep on this machine. The key itself never stands in a spec.',
      ),
    secret: nameOfKey(secretPattern, 'must be the name or the ARN of a secret in Secrets Manager')
      .optional()
      .describe('The secret of AWS Secrets Manager that holds the key, by name or ARN, for a sweep in the cloud.'),
    field: z
      .string()
      .min(1)
      .max(500)
      .nullable()
      .default(null)
      .describe('Of a `secret` that is a JSON object: the key under which the value stands.'),
    parameter: nameOfKey(/^[\w./-]{1,1011}$/, 'must be the name of a parameter in Parameter Store, such as /llm/key')
      .optional()
      .describe('The parameter of AWS Systems Manager that holds the key, by name, for a sweep in the cloud.'),
    clientId: z
      .string()
      .regex(/^[\w.@-]{1,200}$/, 'is no client id')
      .optional()
      .describe(
        'Of a Databricks target: the client id of a service principal. The key is then its OAuth secret, for which a token is fetched before the start.',
      ),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'is no header name')
      .refine((name) => !isOfTheConnection(name), ofTheConnection)
      .default('authorization')
      .describe(
        'The header that carries the key; in `authorization` it follows the word Bearer, elsewhere it stands alone.',
      ),
  })
  .meta({ oneOf: secretReferences.map((name) => ({ required: [name] })), dependentRequired: { field: ['secret'] } })
  .superRefine((auth, context) => {
    const [first, ...others] = secretReferences.filter((name) => auth[name] !== undefined);
    if (first === undefined) context.addIssue(`names no key: give one of ${choices}`);
    for (const name of others) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `stands beside ${first}: a key has one place, keep one`,
      });
    }
    if (auth.field !== null && auth.secret === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['field'],
        message: 'stands only beside secret, of which it is a part',
      });
    }
  })
  .transform(({ env, secret, field, parameter, header, clientId }): Auth => {
    const common = { header, ...(clientId === undefined ? {} : { clientId }) };
    if (secret !== undefined) return { secret, field, ...common };
    return parameter !== undefined ? { parameter, ...common } : { env: env ?? '', ...common };
  });
