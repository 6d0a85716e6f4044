import { durationPattern, formatDuration } from '../../lib/spec/duration.ts';
import { checkSpec } from '../../lib/spec/parse.ts';
import { specJsonSchema } from '../../lib/spec/schema.ts';
import { itemsOf, type JsonSchema } from './json-schema.ts';

/** A key of a spec that holds a value. */
export interface SpecKey {
  /** `target.auth.env`. */
  readonly path: string;
  readonly schema: JsonSchema;
  /** It must be given where the object around it is. */
  readonly required: boolean;
  /** The key that may hold this one's object instead of a plain value; null for most. */
  readonly alternative: string | null;
  /** The key instead of which this one may stand; null for most. */
  readonly insteadOf: string | null;
  /** The key without which this one must stand; null for most. */
  readonly without: string | null;
  /** The key beside which alone this one may stand; null for most. */
  readonly beside: string | null;
}

/** A sweep that leaves out whatever may be left out: its values are the defaults. */
const bare = checkSpec({
  target: { url: 'http://127.0.0.1/v1', auth: { env: 'KEY' } },
  workload: { inputTokens: 1, outputTokens: 1 },
  load: { levels: [1] },
});

/** Keys that stand in one row: a pattern, and the keys' common meaning. */
const folded: readonly {
  readonly keys: RegExp;
  readonly path: string;
  readonly meaning: string;
  /** In place of the default. */
  readonly standard?: string;
  /** In place of the key's own type. */
  readonly type?: string;
}[] = [
  ...bellRows(),
  {
    keys: /^workload\.(inputTokens|outputTokens)\.uniform\.(min|max)$/,
    path: 'workload.{inputTokens,outputTokens}.uniform.{min,max}',
    meaning: 'Every length from `min` to `max` is as likely.',
    standard: 'instead of one length',
  },
  {
    keys: /^workload\.(inputTokens|outputTokens)\.column$/,
    path: 'workload.{inputTokens,outputTokens}.column',
    meaning: 'Takes the length of each row of `workload.file` from its key of this name.',
    standard: 'instead of one length',
  },
  {
    keys: /^workload\.file\./,
    path: 'workload.file.{name,sha256,rows,prompts,inputTokens,outputTokens}',
    meaning: 'What stands in the place of the path in plans and reports, once the file was read.',
    standard: 'filled in',
    type: 'text or whole number',
  },
  {
    keys: /^slo\.percentiles\.(ttft|ttfo|tpot|latency)\.p(50|90|95|99)$/,
    path: 'slo.percentiles.{ttft,ttfo,tpot,latency}.{p50,p90,p95,p99}',
    meaning: 'Most for this percentile of this metric, failed requests counted as never answered.',
  },
];

/** The keys of both bells, for prompts and answers. */
function bellRows() {
  const rows = {
    mean: ['Mean of the distribution, before it is cut to `min` … `max`.', 'instead of one length'],
    deviation: ['Its standard deviation, likewise.', 'required with `mean`'],
    min: ['What falls below is drawn again.', '`1`'],
    max: ['What falls above is drawn again.', 'the longest length'],
  };
  return Object.entries(rows).map(([name, [meaning = '', standard = '']]) => ({
    keys: new RegExp(`^workload\\.(inputTokens|outputTokens)\\.(normal|lognormal)\\.${name}$`),
    path: `workload.{inputTokens,outputTokens}.{normal,lognormal}.${name}`,
    meaning,
    standard,
  }));
}

/** Whether a key shares its row with others. */
export const isFolded = (path: string): boolean => folded.some(({ keys }) => keys.test(path));

/** All keys of a spec that hold a value, in the order of its schema. */
export function specKeys(): SpecKey[] {
  return keysOf(specJsonSchema() as JsonSchema, '');
}

/** What the keys of an object have from the key that holds it. */
interface Inherited {
  readonly alternative: string | null;
  readonly insteadOf: string | null;
}

const nothing: Inherited = { alternative: null, insteadOf: null };

function keysOf(object: JsonSchema, prefix: string, inherited = nothing): SpecKey[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const insteadOf = (other: string | null | undefined) => (other ? `${prefix}${other}` : null);
    const [first, ...others] = object.oneOf?.flatMap(({ required = [] }) => required) ?? [];
    const [usual = [], instead = []] = object.anyOf?.map(({ required = [] }) => required) ?? [];
    const [needed] = object.dependentRequired?.[name] ?? [];
    const key: SpecKey = {
      path,
      schema,
      required: name === first || (object.required?.includes(name) ?? false),
      alternative: inherited.alternative,
      insteadOf:
        insteadOf(first !== undefined && others.includes(name) ? first : instead.includes(name) ? usual[0] : null) ??
        inherited.insteadOf,
      without: usual.includes(name) ? `${prefix}${instead[0]}` : null,
      beside: needed === undefined ? null : `${prefix}${needed}`,
    };
    const choices = branchesOf(schema);
    const inner = choices.find(({ properties }) => properties !== undefined);
    if (!inner) return [key];
    const isPlainToo = choices.some((choice) => choice !== inner && choice.type !== 'null');
    const own = isPlainToo ? { ...nothing, alternative: path } : { ...inherited, insteadOf: key.insteadOf };
    return [...(isPlainToo ? [key] : []), ...keysOf(inner, `${path}.`, own)];
  });
}

/** What a value may be: an object with requirements of its own is one choice. */
function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf === undefined || schema.properties !== undefined ? [schema] : schema.anyOf.flatMap(branchesOf);
}

/** The table of all keys: type, default, meaning. */
export function specKeyTable(): string {
  const rows = specKeys().map((key) => {
    const { path: own, schema } = key;
    const row = folded.find(({ keys }) => keys.test(own));
    const path = row?.path ?? own;
    const meaning = row?.meaning ?? schema.description ?? '';
    const standard = row?.standard ?? placeText(key) ?? defaultText(path, schema);
    return { path, text: `| \`${path}\` | ${row?.type ?? typeText(schema)} | ${standard} | ${meaning} |` };
  });
  const once = rows.filter(({ path }, index) => rows.findIndex((other) => other.path === path) === index);
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...once.map(({ text }) => text)].join('\n');
}

/** When a key must or may stand; null where its default says it. */
function placeText({ path, schema, required, alternative, insteadOf, without, beside }: SpecKey): string | null {
  if (insteadOf !== null) return `${standardOf(schema)}instead of \`${insteadOf}\``;
  if (without !== null) return `required without \`${without}\``;
  if (beside !== null) return `none; beside \`${beside}\` alone`;
  if (!required) return null;
  if (alternative !== null) return `instead of a plain \`${alternative}\``;
  if (path.startsWith('prices.')) return 'required with `prices`';
  return path.startsWith('target.auth.') ? 'required with `auth`' : 'required';
}

/** `\`1\`, `, where the schema itself says so. */
function standardOf({ default: standard }: JsonSchema): string {
  return typeof standard === 'number' || typeof standard === 'string' ? `\`${standard}\`, ` : '';
}

function defaultText(path: string, schema: JsonSchema): string {
  const value = path.split('.').reduce<unknown>((inside, key) => Reflect.get(Object(inside), key), bare);
  if (value === undefined && schema.default != null) return `\`${String(schema.default)}\``;
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'object') return 'empty';
  if (typeof value === 'number' && isDuration(schema)) return `\`${formatDuration(value)}\``;
  return `\`${String(value)}\``;
}

const isDuration = ({ pattern }: JsonSchema) => pattern === durationPattern.source;

function typeText(schema: JsonSchema): string {
  if (schema.anyOf && schema.properties === undefined)
    return branchesOf(schema)
      .filter(({ type }) => type !== 'null')
      .map(typeText)
      .join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (isDuration(schema)) return 'duration';
  if (schema.format === 'uri') return 'URL';
  if (schema.type === 'array') return `list of ${typeText(itemsOf(schema)).replace('number', 'numbers')}`;
  if (schema.type === 'integer') return `whole number${rangeText(schema)}`;
  if (schema.type === 'object') return 'map';
  if (schema.type === 'number') return `number${rangeText(schema)}`;
  return schema.type === 'boolean' ? 'true or false' : 'text';
}

function rangeText({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}, to ${maximum?.toLocaleString('en')}`;
  return `, ${minimum?.toLocaleString('en')} to ${maximum?.toLocaleString('en')}`;
}
