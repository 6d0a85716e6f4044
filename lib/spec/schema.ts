import { z } from 'zod';
import { credentialInHeader, credentialInUrl, protectedEnvironmentName } from './credentials.ts';
import { durationPattern, parseDurationMs } from './duration.ts';
import { sloSchema } from './slo.ts';

const duration = z
  .string()
  .regex(durationPattern, 'must be a duration such as 500ms, 30s or 2m')
  .transform((text) => parseDurationMs(text) ?? Number.NaN)
  .refine((ms) => ms > 0 && ms <= 24 * 3_600_000, 'must be more than 0 and at most 24h');

const autoOrDuration = z.union([z.literal('auto'), duration], { error: 'must be auto, or a duration such as 30s' });

const count = (most: number) =>
  z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most.toLocaleString('en')}`);

const httpUrl = z
  .string()
  .superRefine((text, context) => {
    if (!URL.canParse(text)) {
      context.addIssue(`is not a URL: write it whole, such as http://127.0.0.1:8000/v1`);
      return;
    }
    const url = new URL(text);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') context.addIssue('must begin with http:// or https://');
    const credential = credentialInUrl(url);
    if (credential !== null) context.addIssue(credential);
  })
  .meta({ format: 'uri' });

const headers = z
  .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no header name'), z.string())
  .superRefine((record, context) => {
    for (const [name, value] of Object.entries(record)) {
      const credential = credentialInHeader(name, value);
      if (credential !== null) context.addIssue({ code: 'custom', path: [name], message: credential });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a header must not hold
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
        context.addIssue({ code: 'custom', path: [name], message: 'holds a control character' });
      }
    }
  });

const target = z.strictObject({
  url: httpUrl.describe(
    'The endpoint: a base such as https://host/v1, or the whole address of its chat completions. Of a path that ends in /v1, and of no path, the chat completions are taken.',
  ),
  model: z.string().min(1).max(500).nullable().default(null).describe('Sent as `model`; some endpoints need none.'),
  headers: headers.default({}).describe('Sent with every request. Keys and tokens do not belong here: use auth.'),
  auth: z
    .strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
        .superRefine((name, context) => {
          const refused = protectedEnvironmentName(name);
          if (refused !== null) context.addIssue(refused);
        })
        .describe('The environment variable that holds the key. The key itself never stands in a spec.'),
      header: z
        .string()
        .regex(/^[A-Za-z0-9-]+$/, 'is no header name')
        .default('authorization')
        .describe(
          'The header that carries the key; in `authorization` it follows the word Bearer, elsewhere it stands alone.',
        ),
    })
    .nullable()
    .default(null)
    .describe('How the endpoint knows you.'),
  parameters: z
    .record(z.string(), z.json())
    .default({})
    .describe('Merged into the body of every request, such as temperature; they win over what Paretoken would send.'),
});

const workload = z.strictObject({
  inputTokens: count(2_000_000).describe('Length of each prompt in tokens, as the endpoint counts them.'),
  outputTokens: count(1_000_000).describe('Upper limit of each answer in tokens.'),
});

const load = z.strictObject({
  levels: z
    .array(count(100_000))
    .nonempty('needs at least one level, such as [1, 2, 4, 8]')
    .max(200, 'has more than 200 levels')
    .superRefine((levels, context) => {
      levels.forEach((level, index) => {
        if (index > 0 && level <= (levels[index - 1] ?? 0)) {
          context.addIssue({ code: 'custom', path: [index], message: 'must be above the level before it' });
        }
      });
    })
    .describe('Numbers of requests kept in flight, in rising order: one point of the curve each.'),
  driftCheck: z
    .boolean()
    .default(true)
    .describe('Run the first level once more at the end, to see whether the endpoint stayed the same.'),
});

/** What one worker can carry of a stage that is counted in requests. */
const mostCountedStreams = 512;
const mostCountedRequests = 20_000;

const measure = z.union(
  [
    z.literal('auto'),
    duration,
    z.strictObject({
      requestsPerStream: count(1000).describe('Each stream sends so many requests, one after another.'),
    }),
  ],
  { error: 'must be auto, a duration such as 30s, or {requestsPerStream: 5}' },
);

const stage = z.strictObject({
  warmUp: autoOrDuration.default('auto').describe('Load held before the window opens; its requests are not measured.'),
  measure: measure
    .default('auto')
    .describe(
      'The window: `auto` takes it from the latencies seen so far; or a time; or a count of requests per stream, without warm-up.',
    ),
  drain: autoOrDuration.default('auto').describe('How long requests due in the window may finish after it has closed.'),
});

const fleet = z.strictObject({
  streamsPerWorker: count(512).default(32).describe('Parallel requests that one worker carries.'),
  maxWorkers: count(10_000).default(1000).describe('Most workers at once.'),
});

const deadlines = z.strictObject({
  connect: duration.default(10_000).describe('To open a socket, TLS included.'),
  firstToken: duration.default(60_000).describe('From the send to the first token.'),
  idle: duration.default(30_000).describe('Without a byte in the middle of an answer.'),
  total: duration.default(300_000).describe('From the send to the end of the answer.'),
});

/** The sweep as the user writes it: the one source of parsing, of the JSON Schema and of docs/spec.md. */
export const specSchema = z
  .strictObject({
    name: z.string().min(1).max(500).default('sweep').describe('Names the sweep in reports and begins its id.'),
    target: target.describe('Who is measured.'),
    workload: workload.describe('What is asked.'),
    load: load.describe('How hard the endpoint is pressed.'),
    stage: stage.prefault({}).describe('How long each level is held.'),
    fleet: fleet.prefault({}).describe('Who presses.'),
    deadlines: deadlines.prefault({}).describe('When a request has failed by time.'),
    slo: sloSchema.describe('What the endpoint should hold to.'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('The same seed gives the same prompts and starts within a run.'),
  })
  .superRefine(({ load: { levels }, stage: { measure: how } }, context) => {
    if (typeof how !== 'object') return;
    levels.forEach((level, index) => {
      const fault = countedFault(level, how.requestsPerStream);
      if (fault !== null) context.addIssue({ code: 'custom', path: ['load', 'levels', index], message: fault });
    });
  });

function countedFault(level: number, requestsPerStream: number): string | null {
  if (level > mostCountedStreams) {
    return `must be at most ${mostCountedStreams} where stages are counted in requests: one worker carries them all`;
  }
  if (level * requestsPerStream <= mostCountedRequests) return null;
  return `asks for ${(level * requestsPerStream).toLocaleString('en')} requests, more than the ${mostCountedRequests.toLocaleString('en')} of a counted stage: lower stage.measure.requestsPerStream`;
}

/** A parsed spec: defaults filled in, durations in milliseconds. */
export type Spec = z.output<typeof specSchema>;

/** The JSON Schema of a spec as it is written (draft 2020-12). */
export function specJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(specSchema, { io: 'input' }), title: 'Paretoken sweep' };
}
