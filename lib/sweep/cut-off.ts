/** What a step, a wait or a call gave, as JSON. */
export interface Remembered {
  readonly name: string;
  /** Not there where nothing was given. */
  readonly value?: unknown;
}

/** What the next process can build on. */
export interface Kept {
  /** So many results, from the first. */
  readonly kept: number;
  /** The stage that was begun and not ended, or ended by a stop; its schedule is the last result that is kept. */
  readonly cutOff: number | null;
}

/**
 * How far the results of a process that is gone still hold: up to the last stage that was run and aggregated without
 * a stop, and the schedule of the stage after it. A stop, and the end that it or a failure brought, are taken back; the
 * same end is found again where the verdicts bring it.
 */
export function whatIsKept(remembered: readonly Remembered[]): Kept {
  let held: Kept = { kept: 0, cutOff: null };
  let stopped = false;
  remembered.forEach(({ name, value }, index) => {
    const [, verb, stage] = /^(open|schedule|collect|stop|aggregate)(?:-(\d+))?/.exec(name) ?? [];
    const kept = index + 1;
    if (verb === 'open') held = { kept, cutOff: null };
    if (verb === 'stop' || (verb === 'collect' && sawStop(value))) stopped = true;
    if (verb === 'schedule' && value !== null) {
      held = { kept, cutOff: Number(stage) };
      stopped = false;
    }
    if (verb === 'aggregate' && !stopped) held = { kept, cutOff: null };
  });
  return held;
}

/** A look at a stage's receipts that found the sweep to be stopped. */
function sawStop(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'stopAsked' in value && value.stopAsked === true;
}
