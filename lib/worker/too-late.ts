import type { MonotonicSchedule } from '../load/monotonic-schedule.ts';
import type { Stage } from '../plan/stage.ts';

/**
 * Whether a worker comes past the warm-up: others measure already. Of a counted stage, which one worker carries alone, the
 * time begins with it; a probe has none.
 */
export function isTooLate(
  { kind, requestsPerStream }: Pick<Stage, 'kind' | 'requestsPerStream'>,
  { startsUs, windowStartsUs }: Pick<MonotonicSchedule, 'startsUs' | 'windowStartsUs'>,
  nowUs: number,
): boolean {
  const waitsForNobody = kind === 'probe' || requestsPerStream !== null;
  return !waitsForNobody && nowUs > Math.max(startsUs, windowStartsUs);
}
