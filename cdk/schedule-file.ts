import { z } from 'zod';
import { describeFault, type Fault, formatPath, SpecError } from '../lib/spec/fault.ts';
import { checkSpec } from '../lib/spec/parse.ts';
import type { Spec } from '../lib/spec/schema.ts';
import { readSource, type Source } from '../lib/spec/source.ts';
import { faultsOf } from './faults-of.ts';
import { faultsOfCron, faultsOfRate, isTimeZone, scheduleExpression } from './schedule-expression.ts';

/** A sweep and when it is run, as a file of the schedules folder says it. */
export interface ScheduledSweep {
  readonly name: string;
  /** `cron(…)` or `rate(…)`. */
  readonly expression: string;
  /** Of the IANA database. */
  readonly timeZone: string;
  readonly enabled: boolean;
  /** The sweep as it is written: what the schedule sends. */
  readonly sweep: unknown;
  /** The same, parsed. */
  readonly spec: Spec;
}

const text = (like: string, faultsOfText: (text: string) => readonly string[]) =>
  z
    .string(`must be a text such as ${like}`)
    .superRefine((given, context) => {
      for (const fault of faultsOfText(given)) context.addIssue(fault);
    })
    .optional();

const faultsOfTimeZone = (name: string) => (isTimeZone(name) ? [] : ['is no time zone such as Europe/Berlin']);

const timing = z
  .strictObject(
    {
      cron: text('0 3 * * ? *', faultsOfCron),
      rate: text('12 hours', faultsOfRate),
      timeZone: text('Europe/Berlin', faultsOfTimeZone),
      enabled: z.boolean('must be true or false').default(false),
    },
    'must be a map with cron or rate',
  )
  .superRefine(({ cron, rate, timeZone }, context) => {
    if ((cron === undefined) === (rate === undefined)) context.addIssue('needs either cron or rate');
    if (timeZone === undefined || rate === undefined) return;
    context.addIssue({ code: 'custom', path: ['timeZone'], message: 'means nothing beside a rate' });
  });

const file = z.strictObject({ schedule: timing, sweep: z.unknown() }, 'must be a map with schedule and sweep');

/** What EventBridge Scheduler takes as a schedule's input. */
const largestSweepBytes = 250 * 1024;

/** A schedule read from YAML or JSON, or all that is wrong with it, each fault with its path and position. */
export function parseScheduleFile(name: string, yaml: string): ScheduledSweep | readonly string[] {
  const source = sourceOf(yaml);
  if (source instanceof SpecError) return source.faults.map(describeFault);
  const parsed = file.safeParse(source.value, { reportInput: true });
  const sweep = parsed.success ? parsed.data.sweep : Reflect.get(Object(source.value), 'sweep');
  const faults = parsed.success ? [] : [...faultsOf(parsed.error, source.positionOf)];
  const spec = specOf(sweep, source.positionOf, faults);
  if (!parsed.success || spec === null || faults.length > 0) return faults.map(describeFault);
  const { cron, rate = '', timeZone = 'UTC', enabled } = parsed.data.schedule;
  const expression = cron === undefined ? scheduleExpression('rate', rate) : scheduleExpression('cron', cron);
  return { name, expression, timeZone, enabled, sweep, spec };
}

function sourceOf(yaml: string): Source | SpecError {
  try {
    return readSource(yaml);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
}

/** The parsed sweep, or null and its faults added. */
function specOf(sweep: unknown, positionOf: Source['positionOf'], faults: Fault[]): Spec | null {
  const add = (path: readonly string[], message: string) =>
    faults.push({ path: formatPath(['sweep', ...path]), message, position: positionOf(['sweep', ...path]) });
  if (sweep === undefined) {
    add([], 'is missing');
    return null;
  }
  const bytes = Buffer.byteLength(JSON.stringify(sweep));
  if (bytes > largestSweepBytes) {
    add([], `has ${bytes} bytes as JSON, more than the ${largestSweepBytes} that a schedule can send`);
  }
  try {
    const spec = checkSpec(sweep, (path) => ({ position: positionOf(['sweep', ...path]) }));
    if (spec.workload.file !== null) {
      const message = 'is a file of this machine, which nobody brings into the bucket: only `paretoken start` does';
      add(['workload', 'file'], message);
    }
    if (spec.target.auth !== null && 'env' in spec.target.auth) {
      add(['target', 'auth', 'env'], 'is a variable of a laptop: in the cloud name a secret or a parameter');
    }
    return spec;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    faults.push(...error.faults.map((fault) => ({ ...fault, path: `sweep${fault.path && `.${fault.path}`}` })));
    return null;
  }
}
