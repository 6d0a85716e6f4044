import { Command, InvalidArgumentError } from 'commander';
import { exitNothingMeasured } from '../exit.ts';

interface DoctorFlags {
  readonly out: string;
  readonly streams: number;
  readonly json?: true;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('say what on this machine would spoil a measurement')
    .option('--out <dir>', 'results folder that a sweep would write', 'results')
    .option('--streams <n>', 'highest level that is planned', streams, 32)
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', help)
    .action(async ({ out, streams, json }: DoctorFlags) => {
      const { readMachine } = await import('./read-machine.ts');
      const { checksOf, worstOf } = await import('./checks.ts');
      const { systemClock } = await import('../../timing/clock.ts');
      const checks = checksOf(await readMachine({ streams, folder: out, clock: systemClock() }));
      const state = worstOf(checks);
      const exitCode = state === 'bad' ? exitNothingMeasured : 0;
      const { stdout } = process;
      process.exitCode = exitCode;
      if (json) {
        stdout.write(`${JSON.stringify({ schema: 'paretoken.doctor.v1', state, checks, exitCode }, null, 2)}\n`);
        return;
      }
      const { doctorText } = await import('./doctor-text.ts');
      const { paintFor } = await import('../paint.ts');
      stdout.write(doctorText(checks, { width: stdout.columns ?? 120, paint: paintFor(stdout) }));
    });
}

function streams(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('give a whole number of 1 or more');
  return value;
}

const help = `
Takes a second. Nothing is sent; a file is written to the results folder and
taken away again. How exact the client is, \`paretoken selftest\` measures.

Examples:
  $ paretoken doctor
  $ paretoken doctor --streams 256 --out /mnt/results
  $ paretoken doctor --json | jq '.checks[] | select(.state != "ok")'

Exit codes: 0 nothing is bad · 4 something is bad · 70 a fault of Paretoken's own`;
