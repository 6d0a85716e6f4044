import { durationPattern, formatDuration } from '../../lib/spec/duration.ts';
import { checkSpec } from '../../lib/spec/parse.ts';
import { specJsonSchema } from '../../lib/spec/schema.ts';
import type { JsonSchema } from './json-schema.ts';

/** A key of a spec that holds a value. */
export interface SpecKey {
  /** `target.auth.env`. */
  readonly path: string;
  readonly schema: JsonSchema;
  /** The objects around it, from the outside, that are no longer required. */
  readonly required: boolean;
}

/** A sweep that leaves out whatever may be left out: its values are the defaults. */
const bare = checkSpec({
  target: { url: 'http://127.0.0.1/v1', auth: { env: 'KEY' } },
  workload: { inputTokens: 1, outputTokens: 1 },
  load: { levels: [1] },
});

/** All keys of a spec that hold a value, in the order of its schema. */
export function specKeys(): SpecKey[] {
  return keysOf(specJsonSchema() as JsonSchema, '');
}

function keysOf(object: JsonSchema, prefix: string): SpecKey[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const inner = [schema, ...(schema.anyOf ?? [])].find(({ properties }) => properties !== undefined);
    if (inner) return keysOf(inner, `${path}.`);
    return [{ path, schema, required: object.required?.includes(name) ?? false }];
  });
}

/** The table of all keys: type, default, meaning. */
export function specKeyTable(): string {
  const rows = specKeys().map(({ path, schema, required }) => {
    const standard = required ? requiredWord(path) : defaultText(path, schema);
    return `| \`${path}\` | ${typeText(schema)} | ${standard} | ${schema.description ?? ''} |`;
  });
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

const requiredWord = (path: string) => (path.startsWith('target.auth.') ? 'required with `auth`' : 'required');

function defaultText(path: string, schema: JsonSchema): string {
  const value = path.split('.').reduce<unknown>((inside, key) => Reflect.get(Object(inside), key), bare);
  if (value === null) return 'none';
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
  if (schema.type === 'array') return `list of ${typeText(schema.items || {}).replace('number', 'numbers')}`;
  if (schema.type === 'integer') return `whole number${rangeText(schema)}`;
  if (schema.type === 'object') return 'map';
  return schema.type === 'boolean' ? 'true or false' : 'text';
}

function rangeText({ minimum, maximum }: JsonSchema): string {
  return `, ${minimum?.toLocaleString('en')} to ${maximum?.toLocaleString('en')}`;
}
