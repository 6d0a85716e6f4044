/**
 * The only ways in which a sweep touches time and the world: each result is remembered under its name, so that a
 * sweep that is run again from the start comes to where it was.
 */
export interface Steps {
  /** Runs `body` once and remembers what it gave; after a crash it may run again, so it is idempotent. */
  step<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** Waits until the wall clock shows `epochMs`, or the sweep is stopped. */
  waitUntil(name: string, epochMs: number): Promise<'elapsed' | 'stopped'>;
  /** Calls another part of the system, which remembers nothing itself. */
  call<I, O>(name: string, callee: (input: I) => Promise<O>, input: I): Promise<O>;
}
