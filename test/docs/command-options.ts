import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { projectFolder } from './markdown.ts';

/** Every command of the command line, from its own file. */
export const commands: readonly Command[] = await Promise.all(
  globSync('lib/cli/**/*-command.ts', { cwd: projectFolder })
    .sort()
    .map(async (file) => {
      const made = (await import(join(projectFolder, file))) as Record<string, () => Command>;
      const [, make] = Object.entries(made).find(([name]) => name.endsWith('Command')) ?? [];
      if (!make) throw new Error(`${file} makes no command`);
      return make();
    }),
);

const withChoices = (meaning: string, choices: readonly string[] = []) =>
  choices.length === 0 ? meaning : `${meaning}: ${choices.join(', ')}`;

/** A table of a command's arguments and options. */
export function optionTable(command: Command): string {
  const given = command.registeredArguments.map((argument) => ({
    name: `[${argument.name()}]`,
    meaning: withChoices(argument.description, argument.argChoices),
    standard: argument.defaultValue as unknown,
  }));
  const options = command.options.map(({ flags, description, defaultValue, negate, argChoices }) => ({
    name: flags,
    meaning: withChoices(description, argChoices),
    standard: negate ? undefined : (defaultValue as unknown),
  }));
  const rows = [...given, ...options].map(
    ({ name, meaning, standard }) =>
      `| \`${name}\` | ${meaning} | ${standard === undefined ? '' : `\`${standard}\``} |`,
  );
  return ['| option | meaning | default |', '|---|---|---|', ...rows].join('\n');
}
