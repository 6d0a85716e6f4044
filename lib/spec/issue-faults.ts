import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { type Fault, formatPath } from './fault.ts';
import { specSchema } from './schema.ts';

/** Where a value comes from: a place in the text, or a flag. */
export type PlaceOf = (path: readonly PropertyKey[]) => Pick<Fault, 'position' | 'flag'>;

/** What an issue of the schema says to people: a fault for each key. */
export function faultsOf(issue: z.core.$ZodIssue, placeOf: PlaceOf): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path: formatPath(path), message: unknownKeyMessage(key, issue.path), ...placeOf(path) };
    });
  }
  const meant = issue.code === 'invalid_union' ? issuesOfBranch(issue) : null;
  if (meant !== null) return meant.flatMap((inner) => faultsOf(inner, placeOf));
  return [{ path: formatPath(issue.path), message: messageOf(issue), ...placeOf(issue.path) }];
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
  if (issue.code === 'invalid_value') return `${issue.message}${meant(issue)}`;
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.input === undefined) return 'is missing';
  const found = foundIn(issue.input);
  return issue.message.startsWith('must')
    ? `${issue.message}, not ${found}`
    : `must be ${typeNames[issue.expected] ?? issue.expected}, not ${found}`;
}

/** `: did you mean chat?` of a misspelt word. */
function meant({ values, input }: z.core.$ZodIssueInvalidValue): string {
  const words = values.filter((value) => typeof value === 'string');
  const nearest = typeof input === 'string' && words.length > 0 ? nearestOf(input, words) : null;
  return nearest === null ? '' : `: did you mean ${nearest}?`;
}

/** Of some words the one that was misspelt; null where none is like it. */
function nearestOf(written: string, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const nearest = closest(written, words);
  return distance(written.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 3) ? nearest : null;
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
  const nearest = keyMeant(key, parent);
  if (nearest !== null) return `is no key of a spec: did you mean ${nearest}?`;
  return `is no key of a spec: here may stand ${keysAt(parent).join(', ')}`;
}

/** The key that stands under a path misspelt; null where none is like it. */
function keyMeant(key: string, parent: readonly PropertyKey[]): string | null {
  return nearestOf(key, keysAt(parent));
}

/** Issues less those of keys that are missing only since they stand there misspelt: one mistake is one fault. */
export function withoutMisspelt(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => formatPath([...issue.path, keyMeant(key, issue.path) ?? key]))
        : [],
    ),
  );
  return issues.filter((issue) => !isMissing(issue) || !meant.has(formatPath(issue.path)));
}

/** By the schema's own words, or by ours where one of several keys is. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'custom') return issue.message.startsWith('is missing');
  return issue.code === 'invalid_type' && issue.input === undefined;
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
