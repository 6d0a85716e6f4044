import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { Logger } from '@aws-lambda-powertools/logger';
import { lambdaFleet } from '../lib/fleet/lambda-fleet.ts';
import { lambdaLimits } from '../lib/plan/limits.ts';
import { cloudTempo } from '../lib/plan/tempo.ts';
import { durableStep, durableSteps } from '../lib/sweep/durable-steps.ts';
import { runStart, type StartResult } from '../lib/sweep/run-start.ts';
import { parseAllowedTargets, targetRefusal } from '../lib/target/allowed-targets.ts';
import { systemClock } from '../lib/timing/clock.ts';
import packageFile from '../package.json' with { type: 'json' };
import { bucketStore } from './bucket-store.ts';
import { environmentVariable, requiredVariable } from './environment.ts';
import { liveLog } from './live-log.ts';
import { sweepLogOf } from './sweep-log.ts';

const logger = new Logger({ serviceName: 'orchestrator' });
const clock = systemClock();
const store = bucketStore(clock);
const reserved = environmentVariable('workerConcurrency');
const fleet = lambdaFleet({
  worker: requiredVariable('worker'),
  clock,
  reserved: reserved === null ? null : Number(reserved),
});
const aggregator = requiredVariable('aggregator');
const allowed = parseAllowedTargets(requiredVariable('allowedTargets'));
const place = {
  limits: {
    ...lambdaLimits,
    workerMs: Number(requiredVariable('workerTimeoutSeconds')) * 1000,
    executionMs: Number(requiredVariable('longestSweepSeconds')) * 1000,
  },
  tempo: { ...cloudTempo, ...JSON.parse(environmentVariable('tempo') ?? '{}') },
  version: packageFile.version,
};

/** Carries out a sweep as a durable execution. */
export const handler = withDurableExecution<unknown, StartResult, Logger>(async (event, context) => {
  const { durableExecutionArn: execution } = context.executionContext;
  const log = liveLog((entry) => logger.info('sweep', entry));
  const step = log.aware(durableStep(context));
  const ports = {
    clock,
    store,
    fleet,
    step,
    stepsOf: (sweepId: string) => ({ ...durableSteps({ context, store, clock, sweepId, aggregator }), step }),
    targetRefusal: (target: Parameters<typeof targetRefusal>[0]) => targetRefusal(target, allowed),
    observe: (happened: Parameters<typeof sweepLogOf>[0]) => log.add(sweepLogOf(happened)),
  };
  const result = await runStart(event, { ...place, execution }, ports);
  log.add({ ...result });
  log.flush();
  return result;
});
