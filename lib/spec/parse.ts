import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { type Fault, formatPath, SpecError } from './fault.ts';
import { layered, type Override, overridden } from './layers.ts';
import { isPresetName, presets } from './presets.ts';
import { type Spec, specSchema } from './schema.ts';
import { readSource, type Source } from './source.ts';

/**
 * Parses a sweep from YAML or JSON (which is YAML), with overrides laid over it.
 * @throws SpecError with every fault at once
 */
export function parseSpec(text: string, overrides: readonly Override[] = []): Spec {
  return parseWritten(text, { overrides }).spec;
}

/** A sweep, and the value that its user wrote, with the overrides in it: what another machine can check again. */
export interface WrittenSpec {
  readonly spec: Spec;
  readonly written: unknown;
}

/** What stands above and below a text. */
export interface Layers {
  readonly overrides?: readonly Override[];
  /** A written sweep for what the text doesn't say, such as a preset. */
  readonly below?: unknown;
}

/** As parseSpec, with the value itself beside the sweep. */
export function parseWritten(text: string, { overrides = [], below }: Layers = {}): WrittenSpec {
  const source = readSource(text);
  const written = overridden(below === undefined ? source.value : layered(below, source.value), overrides);
  return { spec: checkSpec(written, source.positionOf), written };
}

/**
 * Checks a value that was parsed already.
 * @throws SpecError with every fault at once
 */
export function checkSpec(value: unknown, positionOf: Source['positionOf'] = () => null): Spec {
  const parsed = specSchema.safeParse(overPreset(value), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new SpecError(parsed.error.issues.flatMap((issue) => faultsOf(issue, positionOf)));
}

/** The written sweep over the preset that it names; an unknown name is left for the schema to tell. */
function overPreset(written: unknown): unknown {
  const name: unknown = Reflect.get(Object(written), 'preset');
  return isPresetName(name) ? layered(presets[name].sweep, written) : written;
}

function faultsOf(issue: z.core.$ZodIssue, positionOf: Source['positionOf']): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path: formatPath(path), message: unknownKeyMessage(key, issue.path), position: positionOf(path) };
    });
  }
  const meant = issue.code === 'invalid_union' ? issuesOfBranch(issue) : null;
  if (meant !== null) return meant.flatMap((inner) => faultsOf(inner, positionOf));
  return [{ path: formatPath(issue.path), message: messageOf(issue), position: positionOf(issue.path) }];
}

/** What is wrong by the only branch of a union that the value is of the type of; null where there is none. */
function issuesOfBranch({ errors, path }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | null {
  const isOtherType = ({ code, path: within }: z.core.$ZodIssue) =>
    within.length === 0 && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_format');
  const [first, ...others] = errors.filter((branch) => !branch.some(isOtherType));
  if (first === undefined || others.length > 0) return null;
  return first.map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return `${issue.message}, not ${foundIn(issue.input)}`;
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.input === undefined) return 'is missing';
  const found = foundIn(issue.input);
  return issue.message.startsWith('must')
    ? `${issue.message}, not ${found}`
    : `must be ${typeNames[issue.expected] ?? issue.expected}, not ${found}`;
}

function foundIn(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  return input === null ? 'nothing' : describeValue(input);
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function describeValue(value: unknown): string {
  if (typeof value === 'object') return 'a map of keys';
  const text = JSON.stringify(value);
  return text.length > 40 ? `a ${typeof value}` : text;
}

function unknownKeyMessage(key: string, parent: readonly PropertyKey[]): string {
  const known = keysAt(parent);
  const nearest = known.length > 0 ? closest(key, known) : null;
  if (nearest !== null && distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 3)) {
    return `is no key of a spec: did you mean ${nearest}?`;
  }
  return `is no key of a spec: here may stand ${known.join(', ')}`;
}

/** The keys that the schema knows under a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = specSchema;
  for (const part of path) {
    const inner = unwrapped(schema);
    schema = inner instanceof z.ZodObject ? inner.shape[String(part)] : undefined;
  }
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return unwrapped(schema.unwrap());
  }
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap());
  if (schema instanceof z.ZodUnion) {
    return schema.options.map(unwrapped).find((option) => option instanceof z.ZodObject) ?? schema;
  }
  return schema;
}
