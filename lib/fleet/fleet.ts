import type { Assignment } from '../plan/assignment.ts';

/** Whether an assignment was taken on; a refusal says why in the platform's words. */
export interface LaunchResult {
  readonly worker: number;
  readonly accepted: boolean;
  readonly reason: string | null;
}

/** Who runs workers. */
export interface Fleet {
  /** Workers that can run at once. */
  capacity(): Promise<number>;
  /** Starts each assignment on its own; a refusal is a result, not an error. */
  launch(assignments: readonly Assignment[]): Promise<readonly LaunchResult[]>;
  /** Workers of a stage that are known to be gone; a fleet that can't know answers none. */
  gone(stage: number): readonly number[];
}
