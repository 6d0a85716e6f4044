import { sameLoad } from '../plan/run-order.ts';
import type { Stage } from '../plan/stage.ts';
import type { Slo } from '../spec/slo.ts';
import type { Point } from './point.ts';
import { pointOfRuns } from './point-of.ts';
import { runOf, type StageData } from './run.ts';

/** A stage reduced. */
export interface Reduced {
  /** The point that stands for its level from now on: of all its runs that are not void. */
  readonly point: Point;
  /** The point of this run alone: whether it went well does not depend on others. */
  readonly own: Point;
}

/** Whether a stage is an earlier run of the same load as another. The drift stage is compared, never pooled. */
export function isEarlierRun(earlier: Stage, of: Stage): boolean {
  return (
    earlier.stage < of.stage &&
    earlier.kind === 'load' &&
    of.kind === 'load' &&
    sameLoad(earlier, of) &&
    earlier.requestsPerStream === of.requestsPerStream
  );
}

/** Reduces a stage together with the earlier runs of its load. A void run stands for itself, and enters no other's point. */
export function reduceStage(newest: StageData, earlier: readonly StageData[], slo: Slo | null = null): Reduced {
  const run = runOf(newest);
  const own = pointOfRuns([run], slo);
  if (own.validity.state === 'void') return { point: own, own };
  const valid = earlier
    .filter(({ stage }) => isEarlierRun(stage, newest.stage))
    .map(runOf)
    .filter((one) => pointOfRuns([one], slo).validity.state !== 'void')
    .toSorted((a, b) => a.stage.stage - b.stage.stage);
  const [first, ...rest] = [...valid, run];
  return { point: first === undefined || rest.length === 0 ? own : pointOfRuns([first, ...rest], slo), own };
}
