import type { z } from 'zod';
import { type Fault, formatPath } from '../lib/spec/fault.ts';
import type { Source } from '../lib/spec/source.ts';

/** The faults that a schema found; without `positionOf` they came from no text. */
export function faultsOf({ issues }: z.ZodError, positionOf: Source['positionOf'] = () => null): readonly Fault[] {
  const faultAt = (path: readonly PropertyKey[], message: string) => ({
    path: formatPath(path),
    message,
    position: positionOf(path),
  });
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [faultAt(issue.path, messageOf(issue))];
    return issue.keys.map((key) => faultAt([...issue.path, key], 'is no key that can stand here'));
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : issue.message;
}
