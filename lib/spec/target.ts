import { z } from 'zod';
import { type Auth, authSchema } from './auth.ts';
import { durationSchema } from './duration-schema.ts';
import { headersSchema, httpUrl } from './http-fields.ts';
import { type Provisioned, provisionedSchema } from './provisioned.ts';
import { invocationsUrl, workspaceFault } from './workspace.ts';

/** Kinds of endpoints: `databricks` is asked as `openai` is, and differs in address, key and readiness. */
export const targetTypes = ['openai', 'databricks'] as const;

/** Where a Databricks key is kept unless the sweep says otherwise: as the vendor's own tools look for it. */
export const databricksKey = 'DATABRICKS_TOKEN';
const databricksAuth: Auth = { env: databricksKey, header: 'authorization' };

/** An endpoint that scales from zero is waited for so long, in milliseconds. */
const databricksReadyMs = 15 * 60_000;

const written = z.strictObject({
  type: z
    .enum(targetTypes, 'must be openai or databricks')
    .optional()
    .describe(
      '`openai`: any endpoint that speaks chat completions. `databricks`: a serving endpoint, by host and name.',
    ),
  url: httpUrl
    .optional()
    .describe(
      'The endpoint: a base such as https://host/v1, or the whole address of its chat completions. Of a path that ends in /v1, and of no path, the chat completions are taken.',
    ),
  host: z
    .string()
    .superRefine((text, context) => {
      const fault = workspaceFault(text);
      if (fault !== null) context.addIssue(fault);
    })
    .optional()
    .describe('Of a Databricks target: the workspace, such as https://dbc-1234.cloud.databricks.com.'),
  endpoint: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'is no name of a serving endpoint: letters, digits, - and _')
    .optional()
    .describe('Of a Databricks target: the name of the serving endpoint.'),
  model: z.string().min(1).max(500).nullable().default(null).describe('Sent as `model`; some endpoints need none.'),
  headers: headersSchema.default({}).describe('Sent with every request. Keys and tokens do not belong here: use auth.'),
  auth: authSchema
    .nullable()
    .optional()
    .describe('How the endpoint knows you. Of a Databricks target `env: DATABRICKS_TOKEN` unless told.'),
  parameters: z
    .record(z.string(), z.json())
    .default({})
    .describe('Merged into the body of every request, such as temperature; they win over what Paretoken would send.'),
  readyWithin: durationSchema
    .nullable()
    .optional()
    .describe(
      'How long the probe waits, before anything is measured, for an endpoint that answers 503 because it is not ready. Of a Databricks target `15m` unless told.',
    ),
  provisionedTokensPerSecond: provisionedSchema
    .nullable()
    .default(null)
    .describe(
      'What the endpoint is provisioned for, input and output tokens together: one number, or a range with a `min` and a `max`. The report says how much of it was reached; nothing else depends on it.',
    ),
});

/** Who is measured. */
export const targetSchema = written
  .meta({ anyOf: [{ required: ['url'] }, { required: ['host', 'endpoint'] }] })
  .superRefine((target, context) => {
    for (const [key, message] of faultsOf(target)) context.addIssue({ code: 'custom', path: [key], message });
  })
  .transform(({ type, url, host, endpoint, auth, readyWithin, ...rest }): Target => {
    const isDatabricks = (type ?? 'openai') === 'databricks' || host !== undefined;
    return {
      type: isDatabricks ? 'databricks' : 'openai',
      url: url ?? invocationsUrl(host ?? '', endpoint ?? ''),
      ...rest,
      auth: auth === undefined ? (isDatabricks ? databricksAuth : null) : auth,
      readyWithin: readyWithin === undefined ? (isDatabricks ? databricksReadyMs : null) : readyWithin,
    };
  });

/** Who is measured, parsed. */
export interface Target {
  readonly type: (typeof targetTypes)[number];
  /** As it was given; of a Databricks target the whole address of its invocations. */
  readonly url: string;
  readonly model: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: Auth | null;
  readonly parameters: z.output<typeof written>['parameters'];
  /** Milliseconds; null: an endpoint that is not ready fails the probe at once. */
  readonly readyWithin: number | null;
  /** Of input and output tokens together; null: not told. It changes nothing that is measured. */
  readonly provisionedTokensPerSecond: Provisioned | null;
}

function faultsOf({ type, url, host, endpoint, auth }: z.output<typeof written>): [string, string][] {
  const named = host !== undefined || endpoint !== undefined;
  if (type === 'openai' || (type === undefined && !named)) {
    const faults: [string, string][] = url === undefined ? [['url', 'is missing']] : [];
    const onlyThere = 'stands only in a target of type databricks';
    if (host !== undefined) faults.push(['host', onlyThere]);
    if (endpoint !== undefined) faults.push(['endpoint', onlyThere]);
    if (auth?.clientId !== undefined) faults.push(['auth', `names a clientId, which ${onlyThere}`]);
    return faults;
  }
  if (url !== undefined)
    return named ? [['url', 'stands beside host and endpoint, which make the address: keep one of them']] : [];
  return [
    ...(host === undefined
      ? [['host', 'is missing: the workspace, such as https://dbc-1234.cloud.databricks.com']]
      : []),
    ...(endpoint === undefined ? [['endpoint', 'is missing: the name of the serving endpoint']] : []),
  ] as [string, string][];
}
