import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunctions } from '../../../functions/bundle.ts';
import { environmentNames } from '../../../functions/environment.ts';
import { type QueueModel, smallServer } from '../../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../../lib/mock/server.ts';
import type { Tempo } from '../../../lib/plan/assignment.ts';
import { systemClock } from '../../../lib/timing/clock.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../local-cloud.ts';
import type { FunctionModel } from '../stack-model.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');

/** Everything in seconds instead of minutes. A wait of a durable execution takes whole seconds. */
export const quickTempo: Partial<Tempo> = {
  leadMs: 1500,
  connectAheadMs: 200,
  progressMs: 200,
  controlPollMs: 200,
  graceMs: 3000,
  watchMs: 60_000,
  collectMs: 200,
  flushMs: 200,
};

export interface DeploymentOptions
  extends Pick<LocalCloudOptions, 'adjust' | 'delays' | 'roles' | 'unreservedConcurrency'> {
  /** The key that the endpoint asks for, kept as the secret `llm-key`; null: none. */
  readonly apiKey?: string | null;
  /** The secret was allowed, and is not there. */
  readonly secretMissing?: boolean;
  readonly model?: QueueModel;
  readonly tempo?: Partial<Tempo>;
}

/** The synthesized stack, deployed to the local cloud beside a mocked endpoint that it may measure. */
export interface Deployment {
  readonly cloud: LocalCloud;
  readonly mock: MockServer;
  close(): Promise<void>;
}

/** Bundles, synthesizes as `cdk deploy` would, and deploys to the local cloud. */
export async function deploy(options: DeploymentOptions = {}): Promise<Deployment> {
  const {
    apiKey = null,
    secretMissing = false,
    model = smallServer,
    tempo = quickTempo,
    adjust = (function_) => function_,
    ...rest
  } = options;
  const assembly = await mkdtemp(join(tmpdir(), 'paretoken-assembly-'));
  const clock = systemClock();
  const mock = await startMockServer({ port: 0, clock, model, seed: 1, ...(apiKey === null ? {} : { apiKey }) });
  const { host } = new URL(mock.url);
  const key = apiKey === null ? {} : { secret: 'llm-key' };
  await bundleFunctions();
  const schedules = await writeSchedule(assembly, mock.url, key);
  await synthesize(assembly, { allowedTargets: [{ host, privateAddresses: true, ...key }], schedules });
  const withTempo = (function_: FunctionModel) => {
    const adjusted = adjust(function_);
    return { ...adjusted, variables: { ...adjusted.variables, [environmentNames.tempo]: JSON.stringify(tempo) } };
  };
  const secrets: Record<string, string> = apiKey === null || secretMissing ? {} : { 'llm-key': apiKey };
  const cloud = await startLocalCloud({ assembly, stackName: 'Paretoken', secrets, adjust: withTempo, ...rest });
  return {
    cloud,
    mock,
    async close() {
      await cloud.stop();
      await mock.close();
      await rm(assembly, { recursive: true, force: true });
    },
  };
}

/** A schedule named `often`, of a sweep that is over in seconds. */
async function writeSchedule(folder: string, url: string, auth: object): Promise<string> {
  const schedules = join(folder, 'schedules');
  const sweep = {
    target: { url, model: 'mock', ...(Object.keys(auth).length > 0 && { auth }) },
    workload: { inputTokens: 20, outputTokens: 5 },
    load: { levels: [2], driftCheck: false },
    stage: { warmUp: '500ms', measure: '2s', drain: '1s' },
  };
  await mkdir(schedules, { recursive: true });
  const schedule = { schedule: { rate: '1 hour', enabled: false }, sweep };
  await writeFile(join(schedules, 'often.yaml'), JSON.stringify(schedule));
  return schedules;
}

async function synthesize(assembly: string, context: object): Promise<void> {
  const env = { ...process.env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context) };
  await run(process.execPath, ['cdk/app.ts'], { cwd: root, env, timeout: 120_000 });
}
