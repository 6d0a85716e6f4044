import type { Reason } from '../curve/point.ts';
import type { ReasonName } from '../curve/validity.ts';
import { count, figure, percent } from './format.ts';

/** What a reason of validity is called, what it means, and what to do about it. */
export interface ReasonText {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
  /** What the measured figure and its limit count. */
  readonly unit: 'ms' | 'share' | 'count' | null;
}

export const reasonTexts: Readonly<Record<ReasonName, ReasonText>> = {
  event_loop_delay: {
    title: 'The client was slow to take its stamps',
    meaning: 'Its event loop ran late (p99), so times of tokens were stamped later than they arrived.',
    remedy:
      'Run on a machine with less to do (paretoken doctor checks one); at high levels lower fleet.streamsPerWorker.',
    unit: 'ms',
  },
  cpu: {
    title: 'The client was short of processor time',
    meaning: 'The measuring thread was busy most of the time: the curve may show the client, not the endpoint.',
    remedy:
      'Lower fleet.streamsPerWorker so that more workers share the load, or use a machine with more cores (paretoken doctor checks one).',
    unit: 'share',
  },
  send_lag: {
    title: 'Requests were sent late',
    meaning: 'They waited in the client after they were due (p99), so the endpoint was pressed less than planned.',
    remedy:
      'Check that nothing else keeps the machine (paretoken doctor checks it) or its network busy; at high levels lower fleet.streamsPerWorker.',
    unit: 'ms',
  },
  streams_missing: {
    title: 'Part of the load was missing',
    meaning: 'Workers were lost, or came after the warm-up: fewer streams than planned pressed the endpoint.',
    remedy: 'Run the level again; in the cloud, check the concurrency quota and the logs of the lost workers.',
    unit: 'share',
  },
  load_not_held: {
    title: 'The load was not held',
    meaning: 'On average fewer requests were in flight than the level says: the point belongs to a lower level.',
    remedy: 'Look for failures and pauses at this level; measure longer than a few latencies.',
    unit: 'share',
  },
  emptied: {
    title: 'The load ran empty in part of the time',
    meaning: 'For this share of the requests’ time, under 95 % of the level was in flight.',
    remedy: 'Raise stage.measure so that the window holds many latencies; look for failures and pauses.',
    unit: 'share',
  },
  cold_connections: {
    title: 'Connections were opened while measuring',
    meaning: 'Requests in the window had to connect first, which the endpoint’s users would not pay each time.',
    remedy: 'Find out who closes the connections: a proxy’s idle limit, or an endpoint without keep-alive.',
    unit: 'share',
  },
  clock_step: {
    title: 'The clock was set while measuring',
    meaning: 'Wall clock and monotonic clock came apart: the machine slept, or its time was corrected.',
    remedy: 'Run the level again on a machine that stays awake and whose time is kept by small corrections.',
    unit: 'ms',
  },
  records_missing: {
    title: 'Records are missing',
    meaning: 'The workers had more requests in flight than left a record, so the figures are incomplete.',
    remedy: 'Check that the results can be written and read, then run the level again.',
    unit: 'share',
  },
  cut_at_drain: {
    title: 'Answers were cut at the end',
    meaning: 'They outlasted the time to drain. Long answers are the ones that are cut, so percentiles look too good.',
    remedy: 'Raise stage.drain above the longest latency.',
    unit: 'share',
  },
  few_samples: {
    title: 'Few requests',
    meaning: 'So few requests fell into the window that its percentiles say little.',
    remedy: 'Raise stage.measure.',
    unit: 'count',
  },
  errors: {
    title: 'Requests failed',
    meaning: 'Percentiles are of the answers that succeeded; with many failures that is a flattering choice.',
    remedy: 'Read the endpoint’s messages; lower the levels, or raise its limits.',
    unit: 'share',
  },
  drifting: {
    title: 'The endpoint changed while it was measured',
    meaning: 'The two halves of the window differ in throughput or latency by more than their intervals explain.',
    remedy: 'Raise stage.warmUp; look for autoscaling, throttling or other traffic on the endpoint.',
    unit: 'share',
  },
  lengths_missed: {
    title: 'Lengths were missed',
    meaning: 'Prompts or answers were not of the length that was asked for, which changes the work of a request.',
    remedy: 'Compare mean input and output tokens with the workload; ask for lengths that the model keeps to.',
    unit: 'share',
  },
  tokens_unknown: {
    title: 'Tokens were not counted',
    meaning:
      'No count came for these answers: the endpoint gave none, or they broke off before it. They are left out, so throughput is a lower bound.',
    remedy: 'Have the endpoint send usage in the stream (stream_options.include_usage); mend what broke answers off.',
    unit: 'share',
  },
  interrupted: {
    title: 'The level was interrupted',
    meaning:
      'Sending ended before the window did: by a stop, a budget that was used up, a crash, or because every stream gave up.',
    remedy: 'Run the level again.',
    unit: null,
  },
  control_unreadable: {
    title: 'A worker lost touch',
    meaning: 'It could not read whether it should go on, so it stopped sending, as it must.',
    remedy: 'Check that workers can read from the store all the time, then run the level again.',
    unit: null,
  },
};

/** `14.2 ms, limit 10 ms`; null where nothing was measured. */
export function reasonFigure({ name, measured, limit }: Reason): string | null {
  if (measured === null) return null;
  const { unit } = reasonTexts[name];
  return limit === null ? inUnit(measured, unit) : `${inUnit(measured, unit)}, limit ${inUnit(limit, unit)}`;
}

function inUnit(value: number, unit: ReasonText['unit']): string {
  if (unit === 'share') return percent(value);
  if (unit === 'ms') return `${Number(figure(value).replaceAll(',', ''))} ms`;
  return count(value);
}
