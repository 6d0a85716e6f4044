import type { Stage } from '../../plan/stage.ts';
import { formatDuration } from '../../spec/duration.ts';
import { systemClock } from '../../timing/clock.ts';
import { isLiving } from '../progress/living.ts';
import { livingLine } from '../progress/living-line.ts';
import type { Accuracy } from './accuracy.ts';

export interface SelftestDisplay {
  /** A count of streams begins. */
  stage(stage: Stage): void;
  /** It is over. */
  measured(accuracy: Accuracy): void;
  close(): void;
}

/** Shows on stderr how far a self-test is: a living line on a terminal, a line a count elsewhere. */
export function watchSelftest(counts: readonly number[], output: 'progress' | 'quiet'): SelftestDisplay {
  if (output === 'quiet') return { stage: () => undefined, measured: () => undefined, close: () => undefined };
  const clock = systemClock();
  let running: Stage | null = null;
  const line = livingLine(clock, () => {
    if (running === null) return 'Starting the mock';
    return `${nameOf(running, counts)} · ${phaseOf(running, clock.nowEpochMs())}`;
  });
  return {
    stage(stage) {
      running = stage;
      if (!isLiving(process.stderr)) process.stderr.write(`${nameOf(stage, counts)} …\n`);
    },
    measured() {
      running = null;
    },
    close: line.close,
  };
}

function nameOf({ level, stage }: Stage, counts: readonly number[]): string {
  return `${level === 1 ? '1 stream' : `${level} streams`} (${stage} of ${counts.length})`;
}

function phaseOf(stage: Stage, nowEpochMs: number): string {
  const left = (untilEpochMs: number) => formatDuration(Math.ceil((untilEpochMs - nowEpochMs) / 1000) * 1000);
  if (nowEpochMs < stage.startsAtEpochMs) return 'connecting';
  if (nowEpochMs < stage.windowStartsAtEpochMs) return 'warming up';
  const endsAtEpochMs = stage.windowEndsAtEpochMs;
  if (endsAtEpochMs !== null && nowEpochMs < endsAtEpochMs) return `measuring, ${left(endsAtEpochMs)} left`;
  return 'comparing with the mock’s journal';
}
