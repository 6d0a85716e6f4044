import { wrapped } from '../report/wrap.ts';
import { describeFault, type SpecError } from '../spec/fault.ts';

/** Every fault of a spec on a line of its own, at most `width` columns wide, with what to do next. */
export function describeSpecError({ faults }: SpecError, width: number): string {
  const count = faults.length === 1 ? 'One thing is' : `${faults.length} things are`;
  const lines = faults.map((fault) => `  ${wrapped(describeFault(fault), width - 2, '    ')}`);
  return `error: the sweep can't be run. ${count} wrong with it:\n${lines.join('\n')}\n${next(width)}\n`;
}

function next(width: number): string {
  return wrapped(
    'Nothing was sent or written. `paretoken init` prints a commented example, `paretoken schema` the JSON Schema.',
    width,
  );
}
