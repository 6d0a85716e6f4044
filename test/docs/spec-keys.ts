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
}

/** A sweep that leaves out whatever may be left out: its values are the defaults. */
const bare = checkSpec({
  target: { url: 'http://127.0.0.1/v1', auth: { env: 'KEY' } },
  workload: { inputTokens: 1, outputTokens: 1 },
  load: { levels: [1] },
});

/** Keys that stand in one row: a pattern, and the keys' common meaning. */
const folded: readonly { readonly keys: RegExp; readonly path: string; readonly meaning: string }[] = [
  {
    keys: /^slo\.percentiles\.(ttft|ttfo|tpot|latency)\.p(50|90|95|99)$/,
    path: 'slo.percentiles.{ttft,ttfo,tpot,latency}.{p50,p90,p95,p99}',
    meaning: 'Most for this percentile of this metric, failed requests counted as never answered.',
  },
];

/** Whether a key shares its row with others. */
export const isFolded = (path: string): boolean => folded.some(({ keys }) => keys.test(path));

/** All keys of a spec that hold a value, in the order of its schema. */
export function specKeys(): SpecKey[] {
  return keysOf(specJsonSchema() as JsonSchema, '');
}

function keysOf(object: JsonSchema, prefix: string, alternative: string | null = null): SpecKey[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const key: SpecKey = { path, schema, required: object.required?.includes(name) ?? false, alternative };
    const choices = [schema, ...(schema.anyOf ?? [])];
    const inner = choices.find(({ properties }) => properties !== undefined);
    if (!inner) return [key];
    const isPlainToo = schema.anyOf?.some((choice) => choice !== inner && choice.type !== 'null') ?? false;
    return isPlainToo ? [key, ...keysOf(inner, `${path}.`, path)] : keysOf(inner, `${path}.`, alternative);
  });
}

/** The table of all keys: type, default, meaning. */
export function specKeyTable(): string {
  const rows = specKeys().map((key) => {
    const { path: own, schema } = key;
    const row = folded.find(({ keys }) => keys.test(own));
    const path = row?.path ?? own;
    const meaning = row?.meaning ?? schema.description ?? '';
    const standard = key.required ? requiredWord(key) : defaultText(path, schema);
    return `| \`${path}\` | ${typeText(schema)} | ${standard} | ${meaning} |`;
  });
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...new Set(rows)].join('\n');
}

function requiredWord({ path, alternative }: SpecKey): string {
  if (alternative !== null) return `instead of a plain \`${alternative}\``;
  return path.startsWith('target.auth.') ? 'required with `auth`' : 'required';
}

function defaultText(path: string, schema: JsonSchema): string {
  const value = path.split('.').reduce<unknown>((inside, key) => Reflect.get(Object(inside), key), bare);
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'object') return 'empty';
  if (typeof value === 'number' && isDuration(schema)) return `\`${formatDuration(value)}\``;
  return `\`${String(value)}\``;
}

const isDuration = ({ pattern }: JsonSchema) => pattern === durationPattern.source;

function typeText(schema: JsonSchema): string {
  if (schema.anyOf)
    return schema.anyOf
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

function rangeText({ minimum, maximum }: JsonSchema): string {
  return `, ${minimum?.toLocaleString('en')} to ${maximum?.toLocaleString('en')}`;
}
