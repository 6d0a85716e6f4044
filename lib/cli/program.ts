import { Command, CommanderError } from 'commander';
import { SweepDataError } from '../aggregator/sweep-data-error.ts';
import { SpecError } from '../spec/fault.ts';
import { StoreError } from '../store/store.ts';
import { SweepExistsError } from '../sweep/run-sweep.ts';
import { outliveReaders } from './closed-output.ts';
import { listCommand } from './cloud/list-command.ts';
import { startCommand } from './cloud/start-command.ts';
import { statusCommand } from './cloud/status-command.ts';
import { stopCommand } from './cloud/stop-command.ts';
import { watchCommand } from './cloud/watch-command.ts';
import { completionCommand } from './completion/completion-command.ts';
import { demoCommand } from './demo-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { exitNothingMeasured, exitOwnFault, exitRefused, RefusedError } from './exit.ts';
import { initCommand } from './init-command.ts';
import { mockCommand } from './mock-command.ts';
import { packageVersion } from './package.ts';
import { planCommand } from './plan-command.ts';
import { presetsCommand } from './presets-command.ts';
import { probeCommand } from './probe/probe-command.ts';
import { reportCommand } from './report-command.ts';
import { runCommand } from './run-command.ts';
import { schemaCommand } from './schema-command.ts';
import { selftestCommand } from './selftest/selftest-command.ts';
import { describeSpecError } from './spec-error-text.ts';

const commands = [
  runCommand,
  planCommand,
  probeCommand,
  demoCommand,
  initCommand,
  reportCommand,
  startCommand,
  watchCommand,
  statusCommand,
  listCommand,
  stopCommand,
  presetsCommand,
  mockCommand,
  doctorCommand,
  selftestCommand,
  schemaCommand,
  completionCommand,
];

/** Runs the command line and sets the exit code; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  outliveReaders([process.stdout, process.stderr], tellUnprinted);
  try {
    const root = program();
    await root.parseAsync(withoutVainHelp(argv, root));
  } catch (error) {
    process.exitCode = exitCodeOfError(error);
  }
}

/** `help rum` as `rum`, so that the nearest command is named. */
function withoutVainHelp([node = '', script = '', ...words]: readonly string[], root: Command): string[] {
  const [first, asked] = words;
  const isVain =
    first === 'help' &&
    asked !== undefined &&
    !asked.startsWith('-') &&
    !root.commands.some((one) => one.name() === asked);
  return [node, script, ...(isVain ? words.slice(1) : words)];
}

/** Once: what follows can't be printed either. */
let isTold = false;

function tellUnprinted(error: Error): void {
  process.exitCode = exitNothingMeasured;
  if (!isTold) process.stderr.write(`error: not all could be printed: ${error.message}\n`);
  isTold = true;
}

/** Commands load what they need when they run: help comes at once. */
function program(): Command {
  const root = new Command('paretoken')
    .description(
      'Measures how an LLM endpoint trades latency for throughput, and says whether the numbers can be believed.',
    )
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(paretoken --help shows the commands)')
    .addHelpText('after', examples);
  for (const command of commands) root.addCommand(command());
  for (const command of root.commands) command.showHelpAfterError(`(paretoken ${command.name()} --help shows its use)`);
  for (const command of [root, ...root.commands]) command.exitOverride();
  return root;
}

const examples = `
Examples:
  $ paretoken demo                                   see a sweep against a mocked endpoint, nothing to set up
  $ paretoken run --url http://127.0.0.1:8000/v1 --model my-model --levels 1,2,4,8
  $ paretoken init > sweep.yaml && paretoken run sweep.yaml`;

function exitCodeOfError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitRefused;
  if (error instanceof SpecError) {
    process.stderr.write(describeSpecError(error, process.stderr.columns ?? Number.POSITIVE_INFINITY));
    return exitRefused;
  }
  if (error instanceof RefusedError || error instanceof SweepExistsError) {
    process.stderr.write(`error: ${error.message}\n`);
    return exitRefused;
  }
  if (error instanceof StoreError || error instanceof SweepDataError) {
    process.stderr.write(`error: ${error.message}\n`);
    return exitNothingMeasured;
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a fault of Paretoken's own. Please report it with what follows.\n${told}\n`);
  return exitOwnFault;
}
