import type { z } from 'zod';
import { type Fault, formatPath } from '../lib/spec/fault.ts';

/** The faults that a schema found, without positions. */
export function faultsOf({ issues }: z.ZodError): readonly Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [faultAt(issue.path, messageOf(issue))];
    return issue.keys.map((key) => faultAt([...issue.path, key], 'is no key that can stand here'));
  });
}

function faultAt(path: readonly PropertyKey[], message: string): Fault {
  return { path: formatPath(path), message, position: null };
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : issue.message;
}
