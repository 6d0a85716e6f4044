import { wrapped } from '../../report/wrap.ts';
import type { Paint } from '../paint.ts';
import { type CheckState, type MachineCheck, worstOf } from './checks.ts';

const formats = { ok: 'dim', warn: 'yellow', bad: 'red' } as const;

/** A line a check, with what to do beneath, and the verdict last; ends with a line end. */
export function doctorText(
  checks: readonly MachineCheck[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(4 + 2 + nameWidth + 2);
  const lines = checks.flatMap(({ name, state, found, remedy }) => {
    const room = Math.max(20, width - indent.length);
    const [first = '', ...rest] = wrapped(found, room).split('\n');
    const head = `${paint(formats[state], state.padEnd(4))}  ${name.padEnd(nameWidth)}  ${first}`;
    const toDo = remedy === null ? [] : wrapped(`What to do: ${remedy}`, room).split('\n');
    return [head, ...[...rest, ...toDo].map((line) => `${indent}${line}`)];
  });
  return `${[...lines, '', paint('bold', wrapped(verdict(checks), width))].join('\n')}\n`;
}

function verdict(checks: readonly MachineCheck[]): string {
  const named = (state: CheckState) =>
    checks
      .filter((check) => check.state === state)
      .map(({ name }) => name)
      .join(', ');
  const exact = '`paretoken selftest` measures how exact this client is here.';
  switch (worstOf(checks)) {
    case 'ok':
      return `Nothing here would spoil a measurement. ${exact}`;
    case 'warn':
      return `This machine can measure, but see to: ${named('warn')}. ${exact}`;
    case 'bad':
      return `This machine would spoil a measurement. Mend first: ${named('bad')}.`;
  }
}
