import { Command } from 'commander';
import { readSpec } from './read-spec.ts';
import { addSweepFlags, overridesOf } from './sweep-flags.ts';

export function planCommand(): Command {
  const command = new Command('plan')
    .description('say what a sweep would run, and about how long, how much and for what price; starts nothing')
    .argument('[file]', 'the sweep as YAML or JSON; flags stand above it, and without a file say everything');
  return addSweepFlags(command)
    .option('--json', 'print the estimate as JSON')
    .addHelpText('after', help)
    .action(async (file: string | undefined, { json }: { readonly json?: true }, self: Command) => {
      const { spec } = await readSpec(file, overridesOf(self), 'plan');
      const { planLocally } = await import('./plan-locally.ts');
      const { estimateOf } = await import('../plan/estimate.ts');
      const plan = await planLocally({ spec, sweepId: 'planned', startedAtEpochMs: 0 });
      const estimate = estimateOf(plan);
      const { stdout } = process;
      if (json) {
        stdout.write(`${JSON.stringify({ ...estimate, warnings: plan.warnings }, null, 2)}\n`);
        return;
      }
      const { planText } = await import('./plan-text.ts');
      const { paintFor } = await import('./paint.ts');
      stdout.write(planText(plan, estimate, { width: stdout.columns ?? 120, paint: paintFor(stdout) }));
    });
}

const help = `
No key is needed, and no request is sent: before the probe the ranges are wide.
\`paretoken run\` tells them again, narrower, once its probe has spoken. Prices
come from \`prices\` of the sweep.

Examples:
  $ paretoken plan sweep.yaml
  $ paretoken plan sweep.yaml --levels 1,8,64 --minutes 20
  $ paretoken plan sweep.yaml --json | jq .cost

Exit codes: 0 it can be run · 2 it would be refused, with every reason
            70 a fault of Paretoken's own`;
