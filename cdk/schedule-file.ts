import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { describeFault, type Fault, SpecError } from '../lib/spec/fault.ts';
import { checkSpec } from '../lib/spec/parse.ts';
import type { Spec } from '../lib/spec/schema.ts';
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
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) {
    return document.errors.map(({ message, pos }) =>
      describeFault({ path: '', message: `is no YAML: ${message}`, position: positionAt(pos[0], lines) }),
    );
  }
  const value: unknown = document.toJS() ?? {};
  const parsed = file.safeParse(value, { reportInput: true });
  const sweep = parsed.success ? parsed.data.sweep : Reflect.get(Object(value), 'sweep');
  const faults = parsed.success ? [] : [...faultsOf(parsed.error)];
  const spec = specOf(sweep, faults);
  if (!parsed.success || spec === null || faults.length > 0) {
    return faults.map((fault) => describeFault({ ...fault, position: positionOf(fault.path, document, lines) }));
  }
  const { cron, rate = '', timeZone = 'UTC', enabled } = parsed.data.schedule;
  const expression = cron === undefined ? scheduleExpression('rate', rate) : scheduleExpression('cron', cron);
  return { name, expression, timeZone, enabled, sweep, spec };
}

/** The parsed sweep, or null and its faults added. */
function specOf(sweep: unknown, faults: Fault[]): Spec | null {
  if (sweep === undefined) {
    faults.push({ path: 'sweep', message: 'is missing', position: null });
    return null;
  }
  const bytes = Buffer.byteLength(JSON.stringify(sweep));
  if (bytes > largestSweepBytes) {
    const message = `has ${bytes} bytes as JSON, more than the ${largestSweepBytes} that a schedule can send`;
    faults.push({ path: 'sweep', message, position: null });
  }
  try {
    const spec = checkSpec(sweep);
    if (spec.workload.file !== null) {
      const message = 'is a file of this machine, which nobody brings into the bucket: only `paretoken start` does';
      faults.push({ path: 'sweep.workload.file', message, position: null });
    }
    if (spec.target.auth !== null && 'env' in spec.target.auth) {
      const message = 'is a variable of a laptop: in the cloud name a secret or a parameter';
      faults.push({ path: 'sweep.target.auth.env', message, position: null });
    }
    return spec;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    faults.push(...error.faults.map((fault) => ({ ...fault, path: `sweep${fault.path && `.${fault.path}`}` })));
    return null;
  }
}

/** Position of the value at a path such as `sweep.load.levels[1]`, or of the innermost parent that is there. */
function positionOf(path: string, document: Document, lines: LineCounter): Fault['position'] {
  const keys = path.match(/[^.[\]]+/g) ?? [];
  for (let length = keys.length; length > 0; length--) {
    const node: unknown = document.getIn(keys.slice(0, length), true);
    if (isNode(node) && node.range) return positionAt(node.range[0], lines);
  }
  return null;
}

function positionAt(offset: number, lines: LineCounter): Fault['position'] {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
