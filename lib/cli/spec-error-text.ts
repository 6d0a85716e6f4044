import { describeFault, type SpecError } from '../spec/fault.ts';

/** Every fault of a spec on a line of its own, with what to do next. */
export function describeSpecError({ faults }: SpecError): string {
  const count = faults.length === 1 ? 'One thing is' : `${faults.length} things are`;
  const lines = faults.map((fault) => `  ${describeFault(fault)}`);
  return `error: the sweep can't be run. ${count} wrong with it:\n${lines.join('\n')}\nNothing was sent or written. \`paretoken init\` prints a commented example, \`paretoken schema\` the JSON Schema.\n`;
}
