import { Logger } from '@aws-lambda-powertools/logger';
import { type AggregatorCall, answerCall } from '../lib/aggregator/aggregator.ts';
import { storeAggregator } from '../lib/aggregator/store-aggregator.ts';
import { systemClock } from '../lib/timing/clock.ts';
import { bucketStore } from './bucket-store.ts';

const logger = new Logger({ serviceName: 'aggregator' });
const clock = systemClock();
const aggregator = storeAggregator({ store: bucketStore(clock), nowEpochMs: clock.nowEpochMs });

/** Reduces one stage, or draws the last report. */
export async function handler(call: AggregatorCall) {
  const place = call.verb === 'aggregate' ? { sweep: call.sweepId, stage: call.stage } : { sweep: call.sweepId };
  const startedUs = clock.nowUs();
  const answer = await answerCall(aggregator, call);
  logger.info(call.verb, { ...place, seconds: (clock.nowUs() - startedUs) / 1e6 });
  return answer;
}
