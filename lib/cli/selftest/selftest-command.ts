import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { exitNothingMeasured, exitStopped } from '../exit.ts';
import { stopOnInterrupt } from '../interrupt.ts';

interface SelftestFlags {
  readonly streams: number;
  readonly seconds: number;
  readonly json?: true;
}

export function selftestCommand(): Command {
  return new Command('selftest')
    .description('measure how exact this client is on this machine')
    .option('--streams <n>', 'highest number of parallel streams', whole(512), 64)
    .option('--seconds <n>', 'measured at each number of streams', whole(60), 5)
    .option('--json', 'print what was measured as JSON')
    .addHelpText('after', help)
    .action(async (flags: SelftestFlags) => {
      process.exitCode = await runSelftest(flags);
    });
}

const help = `
Presses a mocked endpoint in a process of its own with the very worker of a
sweep, at 1, 16 and 64 streams of 50 tokens a second (up to --streams), and
compares each token's stamp with the time at which the mock sent it. Takes about
8 seconds at each; needs no endpoint, no key and no network, and leaves nothing
behind.

Examples:
  $ paretoken selftest
  $ paretoken selftest --streams 256 --seconds 10
  $ paretoken selftest --json | jq .verdict.trustAboveMs

Exit codes: 0 measured · 2 refused · 4 nothing could be measured
            70 a fault of Paretoken's own · 130 stopped`;

function whole(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1 || value > most)
      throw new InvalidArgumentError(`give a whole number from 1 to ${most}.`);
    return value;
  };
}

/** 1, 16 and 64 streams as far as they lie below the highest, and the highest. */
export function countsUpTo(highest: number): number[] {
  return [...[1, 16, 64].filter((count) => count < highest), highest];
}

async function runSelftest({ streams, seconds, json }: SelftestFlags): Promise<number> {
  const { mockStepMs, selftest } = await import('./selftest.ts');
  const { watchSelftest } = await import('./selftest-display.ts');
  const { accuracyVerdict } = await import('./accuracy-verdict.ts');
  const { stdout, stderr } = process;
  const counts = countsUpTo(streams);
  const interrupt = stopOnInterrupt(() => undefined);
  const display = watchSelftest(counts, json ? 'quiet' : 'progress');
  const measured = await selftest({
    counts,
    secondsPerCount: seconds,
    stop: interrupt.stop,
    onStage: display.stage,
    onMeasured: display.measured,
  }).finally(() => {
    display.close();
    interrupt.close();
  });
  if (interrupt.stop.aborted) {
    stderr.write('Stopped.\n');
    return exitStopped;
  }
  const cores = availableParallelism();
  const verdict = accuracyVerdict({ accuracies: measured, cores, mockStepMs });
  const exitCode = verdict === null ? exitNothingMeasured : 0;
  if (json) {
    const machine = { node: process.version, platform: `${process.platform} ${process.arch}`, cpus: cores };
    const told = { schema: 'paretoken.selftest.v1', machine, counts: measured, verdict, exitCode };
    stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return exitCode;
  }
  const { selftestText } = await import('./selftest-text.ts');
  const { paintFor } = await import('../paint.ts');
  stdout.write(selftestText(measured, verdict, { width: stdout.columns ?? 120, paint: paintFor(stdout) }));
  return exitCode;
}
