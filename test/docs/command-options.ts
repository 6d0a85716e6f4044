import type { Command } from 'commander';
import { demoCommand } from '../../lib/cli/demo-command.ts';
import { initCommand } from '../../lib/cli/init-command.ts';
import { mockCommand } from '../../lib/cli/mock-command.ts';
import { reportCommand } from '../../lib/cli/report-command.ts';
import { runCommand } from '../../lib/cli/run-command.ts';
import { schemaCommand } from '../../lib/cli/schema-command.ts';

/** The commands that the docs tell of. */
export const commands: readonly Command[] = [
  runCommand(),
  reportCommand(),
  demoCommand(),
  initCommand(),
  schemaCommand(),
  mockCommand(),
];

/** A table of a command's arguments and options. */
export function optionTable(command: Command): string {
  const given = command.registeredArguments.map((argument) => ({
    name: `[${argument.name()}]`,
    meaning: argument.description,
    standard: argument.defaultValue as unknown,
  }));
  const options = command.options.map(({ flags, description, defaultValue, negate }) => ({
    name: flags,
    meaning: description,
    standard: negate ? undefined : (defaultValue as unknown),
  }));
  const rows = [...given, ...options].map(
    ({ name, meaning, standard }) =>
      `| \`${name}\` | ${meaning} | ${standard === undefined ? '' : `\`${standard}\``} |`,
  );
  return ['| option | meaning | default |', '|---|---|---|', ...rows].join('\n');
}
