import type { Assignment } from '../../lib/plan/assignment.ts';
import { oneTokenPerWord } from '../../lib/plan/probe-finding.ts';
import { type StageDesign, scheduleStage } from '../../lib/plan/stage.ts';
import { laptopTempo } from '../../lib/plan/tempo.ts';

export interface SampleOptions {
  readonly startsAtEpochMs: number;
  readonly worker?: number;
  readonly design?: Partial<StageDesign>;
  readonly rest?: Partial<Omit<Assignment, 'schema' | 'stage' | 'worker'>>;
}

/** One worker's part of a short stage: 1 s warm-up, 4 s window, 2 s drain, 100 tokens in, 10 out, level 2. */
export function sampleAssignment({ startsAtEpochMs, worker = 0, design = {}, rest = {} }: SampleOptions): Assignment {
  const whole: StageDesign = {
    stage: 1,
    kind: 'load',
    level: 2,
    repeat: 0,
    cell: { inputTokens: 100, outputTokens: 10 },
    pass: null,
    warmUpMs: 1000,
    windowMs: 4000,
    requestsPerStream: null,
    drainMs: 2000,
    rampMs: 100,
    workers: 1,
    ...design,
  };
  return {
    schema: 'paretoken.assignment.v1',
    sweepId: 'test',
    stage: scheduleStage('test', whole, startsAtEpochMs),
    worker,
    target: {
      url: 'http://mock/v1',
      model: 'mock',
      headers: {},
      auth: null,
      parameters: {},
      usageInStream: true,
      readyWithin: null,
    },
    workload: { file: null, inputTokens: 100, outputTokens: 10, exact: false },
    wordsToTokens: oneTokenPerWord,
    deadlines: { connectMs: 1000, firstTokenMs: 5000, idleMs: 5000, totalMs: 20_000 },
    tempo: laptopTempo,
    seed: 1,
    funds: null,
    ...rest,
  };
}
