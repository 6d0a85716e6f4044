import { Argument, Command } from 'commander';
import { isPresetName, presetNames, presets } from '../spec/presets.ts';
import { RefusedError } from './exit.ts';

export function presetsCommand(): Command {
  return new Command('presets')
    .description('list ready workloads with their sources, or print one as a sweep to start from')
    .addArgument(
      // What is no choice stays, to be refused in the words of this command.
      new Argument('[name]', 'the preset to print as YAML').choices(presetNames).argParser((text) => text),
    )
    .addHelpText('after', help)
    .action(async (name: string | undefined) => {
      if (name === undefined) {
        process.stdout.write(presetList());
        return;
      }
      if (!isPresetName(name)) {
        throw new RefusedError(`there is no preset ${name}: there are ${presetNames.join(', ')}`);
      }
      const { presetText } = await import('../spec/preset-text.ts');
      process.stdout.write(presetText(name));
    });
}

function presetList(): string {
  const width = Math.max(...presetNames.map(({ length }) => length));
  return presetNames.map((name) => `${name.padEnd(width)}  ${presets[name].about}\n`).join('');
}

const help = `
A preset says what is asked, at which levels, and what the answers are held to;
whatever a file or a flag says stands above it.

Examples:
  $ paretoken presets
  $ paretoken presets chat > sweep.yaml
  $ paretoken run --preset chat --url http://127.0.0.1:8000/v1 --model my-model`;
