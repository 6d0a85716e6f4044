import { Command } from 'commander';
import { exitProbeFailed, exitStopped } from '../exit.ts';
import { stopOnInterrupt } from '../interrupt.ts';
import { readSpec } from '../read-spec.ts';
import { readSecrets } from '../secrets.ts';
import { addSweepFlags, overridesOf } from '../sweep-flags.ts';
import type { ReadSpec } from '../workload-file.ts';

export function probeCommand(): Command {
  const command = new Command('probe')
    .description('ask an endpoint a few times and say in plain words whether it can be measured')
    .argument('[file]', 'a sweep as YAML or JSON, to probe its endpoint; flags stand above it');
  return addSweepFlags(command, ['target', 'workload'])
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', help)
    .action(async (file: string | undefined, { json }: { readonly json?: true }, self: Command) => {
      const { spec, input } = await readSpec(file, overridesOf(self), 'probe');
      process.exitCode = await probeAndTell({ spec, input }, json ? 'json' : 'text');
    });
}

const help = `
Sends what a sweep sends before its first level: three requests one after
another, the last of full length. Nothing is written. Without a file: 512 input
tokens, 128 output tokens, unless flags say otherwise.

Examples:
  $ paretoken probe --url http://127.0.0.1:8000/v1 --model my-model
  $ OPENAI_API_KEY=... paretoken probe --url https://api.example.com/v1 \\
      --model my-model --auth-env OPENAI_API_KEY
  $ paretoken probe sweep.yaml
  $ paretoken probe sweep.yaml --json | jq .finding.warnings

Exit codes: 0 it can be measured · 2 refused before any request
            3 the probe failed · 70 a fault of Paretoken's own · 130 stopped`;

async function probeAndTell(
  { spec, input }: Pick<ReadSpec, 'spec' | 'input'>,
  output: 'text' | 'json',
): Promise<number> {
  const [secret = null] = Object.values(readSecrets(spec, 'probe'));
  const { probeLocally } = await import('./probe-locally.ts');
  const { watchProbe } = await import('./probe-display.ts');
  const { stdout, stderr } = process;
  const display = watchProbe(spec, output);
  const interrupt = stopOnInterrupt(() => undefined);
  const { stop } = interrupt;
  const result = await probeLocally({
    spec,
    input,
    secret,
    stop,
    onFinished: display.next,
    onNotReady: display.notReady,
  }).finally(() => {
    display.close();
    interrupt.close();
  });
  if (interrupt.stop.aborted) {
    stderr.write('Stopped.\n');
    return exitStopped;
  }
  const exitCode = result.finding.ok ? 0 : exitProbeFailed;
  if (output === 'json') {
    const { url, model } = spec.target;
    const told = { schema: 'paretoken.probe.v1', target: { url, model }, ...result, exitCode };
    stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return exitCode;
  }
  const { probeText } = await import('./probe-text.ts');
  const { paintFor } = await import('../paint.ts');
  const { target } = spec;
  stdout.write(probeText(result, { target, columns: stdout.columns ?? 120, paint: paintFor(stdout) }));
  return exitCode;
}
