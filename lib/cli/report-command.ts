import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { fileStore } from '../store/file-store.ts';
import { statusKey } from '../store/key-layout.ts';
import { systemClock } from '../timing/clock.ts';
import { addCloudFlags, type CloudFlags } from './cloud/flags.ts';
import { RefusedError } from './exit.ts';
import { addFailOn, type FailOnFlags, failOnHelp } from './fail-on.ts';

export interface ReportFlags extends CloudFlags, FailOnFlags {
  readonly json?: true;
  readonly open?: true;
  readonly out: string;
}

export function reportCommand(): Command {
  return addFailOn(addCloudFlags(new Command('report')))
    .description('show a report: of a results folder drawn again from what is stored, of the cloud brought here')
    .argument('[dir-or-id]', 'a results folder, or the id of a sweep', 'results')
    .argument('[id]', 'the sweep of the folder (default: the newest)')
    .option('--json', 'print report.json instead of the table')
    .option('--open', "open report.html in the system's browser")
    .option('--out <dir>', 'where files from the cloud are put', 'results')
    .addHelpText('after', help)
    .action(async (place: string, id: string | undefined, flags: ReportFlags, self: Command) => {
      const { reportLocally } = await import('./report-locally.ts');
      const inCloud = ['stack', 'region', 'profile'].some((flag) => self.getOptionValueSource(flag) === 'cli');
      if (!inCloud && (id !== undefined || existsSync(place) || place === 'results')) {
        return reportLocally({ folder: place, id: id ?? null, flags });
      }
      if (id !== undefined) throw new RefusedError('of the cloud, name the id of a sweep alone');
      if (
        !inCloud &&
        (await fileStore(flags.out)
          .get(statusKey(place))
          .catch(() => null)) !== null
      ) {
        return reportLocally({ folder: flags.out, id: place, flags });
      }
      const { reportRemotely } = await import('./cloud/report-remotely.ts');
      const { findStack } = await import('./cloud/stack.ts');
      const stack = await findStack(flags, systemClock()).catch((cause: unknown) => {
        throw inCloud || !(cause instanceof RefusedError) ? cause : notHere(place, flags.out, cause);
      });
      await reportRemotely({ stack, sweepId: place, flags });
    });
}

/** Nobody said that a sweep of the cloud is meant. */
function notHere(place: string, folder: string, cause: RefusedError): RefusedError {
  return new RefusedError(
    `there is no folder ${place} here and no sweep of that id in ${folder}; in the cloud it can't be looked for: ${cause.message}`,
    { cause },
  );
}

const help = `
An id that the results folder does not hold is looked for in the cloud; its files are put where a sweep on this machine
would have put them.
${failOnHelp}

Examples:
  $ paretoken report
  $ paretoken report results 20261122T153001Z-demo --json | jq .curves
  $ paretoken report 20261122T0300Z-nightly --open --region eu-central-1
  $ paretoken report --fail-on "throughput@32<1000"

Exit codes: 0 shown · with --fail-on: 1 a condition holds or can't be judged, else as of run · 2 no such report
            70 a fault of Paretoken's own`;
