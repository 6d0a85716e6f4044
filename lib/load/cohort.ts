import type { MonotonicSchedule } from './monotonic-schedule.ts';

/** Which requests are measured, and when all of them have ended. */
export interface Cohort {
  /** A request becomes due; whether it is of the cohort. Told once for each. */
  due(dueUs: number, ordinal: number): boolean;
  /** A request of the cohort has ended. */
  ended(): void;
  /** A stream sends nothing any more, after `sent` requests. */
  gaveUp(sent: number): void;
  /** Whether no request of the cohort is open and none will come. */
  isOver(nowUs: number): boolean;
}

/** Whether a request is of the cohort: due in [start, end) of the window, or among its stream's first k. */
export function isOfCohort(
  { dueUs, ordinal }: { readonly dueUs: number; readonly ordinal: number },
  { windowStartsUs, windowEndsUs }: MonotonicSchedule,
  requestsPerStream: number | null,
): boolean {
  if (requestsPerStream !== null) return ordinal < requestsPerStream;
  return windowEndsUs !== null && dueUs >= windowStartsUs && dueUs < windowEndsUs;
}

/** The cohort of a stage that is held for a time: every request due in the window. */
export function timedCohort(schedule: MonotonicSchedule): Cohort {
  let open = 0;
  return {
    due(dueUs, ordinal) {
      const inside = isOfCohort({ dueUs, ordinal }, schedule, null);
      if (inside) open += 1;
      return inside;
    },
    ended() {
      open -= 1;
    },
    gaveUp: () => undefined,
    isOver: (nowUs) => open === 0 && nowUs >= (schedule.windowEndsUs ?? 0),
  };
}

/** The cohort of a stage that is counted: every stream's first `requestsPerStream` requests. */
export function countedCohort(streams: number, requestsPerStream: number): Cohort {
  let left = streams * requestsPerStream;
  return {
    due: (_, ordinal) => ordinal < requestsPerStream,
    ended() {
      left -= 1;
    },
    gaveUp(sent) {
      left -= Math.max(0, requestsPerStream - sent);
    },
    isOver: () => left === 0,
  };
}
