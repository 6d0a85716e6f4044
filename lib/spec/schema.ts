import { z } from 'zod';
import { budgetSchema, pricesSchema } from './budget.ts';
import { count } from './count.ts';
import { durationSchema as duration } from './duration-schema.ts';
import { faultsBetween } from './faults-between.ts';
import { loadSchema } from './load.ts';
import { presetNames } from './presets.ts';
import { sloSchema } from './slo.ts';
import { targetSchema } from './target.ts';
import { workloadSchema } from './workload.ts';

const autoOrDuration = z.union([z.literal('auto'), duration], { error: 'must be auto, or a duration such as 30s' });

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
    preset: z
      .enum(presetNames, `must be one of ${presetNames.join(', ')}`)
      .nullable()
      .default(null)
      .describe('A ready workload with levels and an SLO, for whatever the sweep does not say: see presets.md.'),
    target: targetSchema.describe('Who is measured.'),
    workload: workloadSchema.describe('What is asked.'),
    load: loadSchema.describe('How hard the endpoint is pressed.'),
    stage: stage.prefault({}).describe('How long each level is held.'),
    fleet: fleet.prefault({}).describe('Who presses.'),
    deadlines: deadlines.prefault({}).describe('When a request has failed by time.'),
    slo: sloSchema.describe('What the endpoint should hold to.'),
    prices: pricesSchema.describe('What the endpoint charges; gives the report its cost.'),
    budget: budgetSchema.prefault({}).describe('What the sweep may use up; it ends before it goes beyond.'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('The same seed gives the same prompts and starts within a run.'),
  })
  .superRefine((spec, context) => {
    // Parts with faults of their own come here as they were written.
    const load = {
      ...spec.load,
      levels: spec.load.levels ?? [],
      search: spec.load.search ?? null,
      untilPrecise: spec.load.untilPrecise ?? null,
      notebook: spec.load.notebook ?? null,
    };
    for (const { path, message } of faultsBetween({ ...spec, load })) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

/** A parsed spec: defaults filled in, durations in milliseconds. */
export type Spec = z.output<typeof specSchema>;

/** The JSON Schema of a spec as it is written (draft 2020-12): a preset says what is asked and how hard. */
export function specJsonSchema(): Record<string, unknown> {
  const anyOf = [{ required: ['workload', 'load'] }, { required: ['preset'] }];
  return { ...z.toJSONSchema(specSchema, { io: 'input' }), title: 'Paretoken sweep', required: ['target'], anyOf };
}
