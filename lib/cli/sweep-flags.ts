import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Override } from '../spec/layers.ts';
import { presetNames } from '../spec/presets.ts';

/** Flags that stand above the file, each with the place in a spec that it sets. */
const flags = [
  { flag: '--preset <name>', path: ['preset'], help: 'ready workload, levels and SLO', choices: presetNames },
  { flag: '--url <url>', path: ['target', 'url'], help: 'base or whole address of an OpenAI-compatible endpoint' },
  { flag: '--host <address>', path: ['target', 'host'], help: 'Databricks workspace, instead of --url' },
  { flag: '--endpoint <name>', path: ['target', 'endpoint'], help: 'Databricks serving endpoint, with --host' },
  { flag: '--model <name>', path: ['target', 'model'], help: 'model to ask for' },
  { flag: '--auth-env <name>', path: ['target', 'auth', 'env'], help: 'environment variable that holds the key' },
  { flag: '--auth-secret <name>', path: ['target', 'auth', 'secret'], help: 'secret that holds the key, in the cloud' },
  {
    flag: '--auth-parameter <name>',
    path: ['target', 'auth', 'parameter'],
    help: 'parameter of Parameter Store that holds the key, in the cloud',
  },
  {
    flag: '--client-id <id>',
    path: ['target', 'auth', 'clientId'],
    help: 'service principal whose OAuth secret the key is, with --host',
  },
  {
    flag: '--prompts <file>',
    path: ['workload', 'file'],
    help: 'JSON Lines of prompts, chats or lengths, instead of synthetic prompts',
    read: (text) => resolve(text),
  },
  { flag: '--name <text>', path: ['name'], help: 'name of the sweep' },
  { flag: '--levels <list>', path: ['load', 'levels'], help: 'parallel requests, such as 1,2,4,8', read: list },
  { flag: '--repeats <n>', path: ['load', 'repeats'], help: 'how often each level is run', read: number },
  {
    flag: '--until-precise <share>',
    path: ['load', 'untilPrecise', 'within'],
    help: 'run each level until p95 of latency is within this share, such as 0.05',
    read: number,
  },
  {
    flag: '--input-tokens <n>',
    path: ['workload', 'inputTokens'],
    help: 'tokens of each prompt; of 512,2048 a curve each',
    read: lengths,
  },
  {
    flag: '--output-tokens <n>',
    path: ['workload', 'outputTokens'],
    help: 'most tokens of each answer, likewise',
    read: lengths,
  },
  { flag: '--warm-up <time>', path: ['stage', 'warmUp'], help: 'load before the window: auto, 5s, 1m' },
  { flag: '--measure <time>', path: ['stage', 'measure'], help: 'the window: auto, 30s, 2m' },
  { flag: '--drain <time>', path: ['stage', 'drain'], help: 'for requests due in the window to finish: auto, 10s' },
  {
    flag: '--streams-per-worker <n>',
    path: ['fleet', 'streamsPerWorker'],
    help: 'parallel requests a worker',
    read: number,
  },
  { flag: '--max-workers <n>', path: ['fleet', 'maxWorkers'], help: 'most workers at once', read: number },
  { flag: '--minutes <n>', path: ['budget', 'minutes'], help: 'most minutes that the sweep runs', read: number },
  { flag: '--seed <n>', path: ['seed'], help: 'of prompts and starts', read: number },
  { flag: '--no-drift-check', path: ['load', 'driftCheck'], help: "don't run the first level again at the end" },
] as const satisfies readonly {
  flag: string;
  path: readonly [string, ...string[]];
  help: string;
  choices?: readonly string[];
  read?: (text: string) => unknown;
}[];

/** A text that is no number stays a text, so that the spec's own check names it with its path. */
function number(text: string): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** One length, or a list of them. */
function lengths(text: string): unknown {
  return text.includes(',') ? text.split(',').map((part) => number(part.trim())) : number(text);
}

function list(text: string): unknown {
  if (text.trim() === '') throw new InvalidArgumentError('give at least one level, such as 1,2,4,8');
  return text.split(',').map((part) => number(part.trim()));
}

/** @param parts of a spec whose flags to add (default: all) */
export function addSweepFlags(command: Command, parts?: readonly string[]): Command {
  for (const { flag, help, ...rest } of flags) {
    if (parts && !parts.includes(rest.path[0]) && rest.path[0] !== 'preset') continue;
    const option = new Option(flag, help);
    // Told by --help and completed by shells; what is no choice stays, so that the spec's own check names it.
    if ('choices' in rest) option.choices(rest.choices).argParser((text) => text);
    if ('read' in rest) option.argParser(rest.read);
    command.addOption(option);
  }
  return command;
}

/** What the user set by flags, as overrides of the spec. */
export function overridesOf(command: Command): Override[] {
  return flags.flatMap(({ flag, path }) => {
    const name = optionName(flag);
    return command.getOptionValueSource(name) === 'cli'
      ? [{ path, value: command.getOptionValue(name), flag: bareFlag(flag) }]
      : [];
  });
}

/** `--input-tokens <n>` as it is typed: `--input-tokens`. */
const bareFlag = (flag: string) => flag.split(' ')[0] ?? '';

/** `--input-tokens <n>` as commander keeps it: `inputTokens`; `--no-x` is kept as `x`. */
function optionName(flag: string): string {
  const bare = bareFlag(flag).replace(/^--(no-)?/, '');
  return bare.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
