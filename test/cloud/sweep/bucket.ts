import type { Report } from '../../../lib/report/report.ts';
import { getJson } from '../../../lib/store/json.ts';
import { reportKey, statusKey } from '../../../lib/store/key-layout.ts';
import { s3Store } from '../../../lib/store/s3-store.ts';
import type { VersionedStore } from '../../../lib/store/store.ts';
import type { Status } from '../../../lib/sweep/status.ts';
import { systemClock } from '../../../lib/timing/clock.ts';
import { paretoken, type Ran } from '../../cli/command-line.ts';
import type { Deployment } from './deployment.ts';

/** A deployed stack as its user sees it: the command line, and the bucket. */
export interface StackUser {
  readonly store: VersionedStore;
  run(args: readonly string[], cwd?: string): Promise<Ran>;
  /** Starts a short sweep and waits for its end. */
  sweep(id: string, more?: readonly string[], prompts?: readonly string[]): Promise<Ran>;
  status(id: string): Promise<Status | null>;
  report(id: string): Promise<Report>;
  /** Waits until a condition holds, at most half a minute. */
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
}

const short = ['--input-tokens', '20'];
const quick = ['--warm-up', '500ms', '--measure', '2s', '--drain', '1s', '--output-tokens', '5'];

export function userOf({ cloud, mock }: Deployment): StackUser {
  const store = s3Store({
    bucket: cloud.outputs['Bucket'] ?? '',
    clock: systemClock(),
    region: cloud.env['AWS_REGION'] ?? '',
    endpoint: cloud.env['AWS_ENDPOINT_URL_S3'] ?? '',
    credentials: {
      accessKeyId: cloud.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: cloud.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  const run = (args: readonly string[], cwd = process.cwd()) =>
    paretoken(args, { cwd, env: { ...cloud.env, NO_COLOR: '1' }, killAfterMs: 120_000 });
  return {
    store,
    run,
    sweep: (id, more = [], prompts = short) =>
      run([
        ...['start', '--url', mock.url, '--model', 'mock', '--no-drift-check', '--id', id, '--wait'],
        ...quick,
        ...prompts,
        ...more,
      ]),
    status: (id) => getJson<Status>(store, statusKey(id)),
    async report(id) {
      const report = await getJson<Report>(store, reportKey(id, 'report.json'));
      if (report === null) throw new Error(`there is no report of ${id}`);
      return report;
    },
    async until(what, holds) {
      const clock = systemClock();
      const giveUpUs = clock.nowUs() + 30e6;
      while (!(await holds())) {
        if (clock.nowUs() > giveUpUs) throw new Error(`waited in vain: ${what}`);
        await clock.sleepUntil(clock.nowUs() + 100_000);
      }
    },
  };
}
