import type { Point } from '../curve/point.ts';
import type { Outcome } from '../timing/outcome.ts';

/** Requests of all levels that ended in one way. */
export interface OutcomeCount {
  readonly outcome: Outcome;
  readonly requests: number;
  readonly levels: readonly number[];
}

/** Outcomes other than ok over all points, most frequent first. */
export function failuresByOutcome(points: readonly Point[]): readonly OutcomeCount[] {
  const found = new Map<Outcome, { requests: number; levels: number[] }>();
  for (const { level, errors } of points) {
    for (const [outcome, requests] of Object.entries(errors) as [Outcome, number][]) {
      if (outcome === 'ok' || requests === 0) continue;
      const entry = found.get(outcome) ?? { requests: 0, levels: [] };
      entry.requests += requests;
      entry.levels.push(level);
      found.set(outcome, entry);
    }
  }
  return [...found].map(([outcome, entry]) => ({ outcome, ...entry })).toSorted((a, b) => b.requests - a.requests);
}

/** Nothing was answered, and every failure was a connection that could not be made: nobody is there to be read or eased. */
export function wasUnreachable({ ok, errors }: Pick<Point, 'ok' | 'errors'>): boolean {
  const failed = (Object.entries(errors) as [Outcome, number][]).filter(
    ([outcome, requests]) => outcome !== 'cancelled' && requests > 0,
  );
  return ok === 0 && failed.length > 0 && failed.every(([outcome]) => outcome === 'connect_error');
}

/** What was said about failures of one kind; foreign text. */
export interface FailureMessage {
  readonly outcome: Outcome;
  readonly message: string;
  readonly count: number;
  readonly levels: readonly number[];
}

/** The endpoint's and the system's messages over all points, the same ones together, most frequent first. */
export function failureMessages(points: readonly Point[]): readonly FailureMessage[] {
  const found = new Map<string, { outcome: Outcome; message: string; count: number; levels: number[] }>();
  for (const { level, messages } of points) {
    for (const { outcome, message, count } of messages) {
      if (count === 0) continue;
      const key = `${outcome}\u0000${message}`;
      const entry = found.get(key) ?? { outcome, message, count: 0, levels: [] };
      entry.count += count;
      if (!entry.levels.includes(level)) entry.levels.push(level);
      found.set(key, entry);
    }
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count);
}
