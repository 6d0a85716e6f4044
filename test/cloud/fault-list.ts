/** A fault that a test has set. */
export interface Fault {
  /** How often it has struck. */
  readonly hits: number;
  /** Takes it away. */
  end(): void;
}

interface Entry<Request, Effect> {
  readonly match: (request: Request) => boolean;
  readonly effect: Effect;
  readonly fault: { hits: number; end(): void };
  left: number;
}

/** Faults set by a test, each for the requests that it matches and at most so many times. */
export class FaultList<Request, Effect> {
  readonly #entries = new Set<Entry<Request, Effect>>();

  /** Sets a fault for the next `times` requests that match. */
  add(match: (request: Request) => boolean, effect: Effect, times: number): Fault {
    const fault = { hits: 0, end: () => void this.#entries.delete(entry) };
    const entry: Entry<Request, Effect> = { match, effect, left: times, fault };
    this.#entries.add(entry);
    return fault;
  }

  /** The effects that strike this request, oldest first; each strike is counted. */
  strike(request: Request): Effect[] {
    const struck = [...this.#entries].filter(({ match }) => match(request));
    for (const entry of struck) {
      entry.fault.hits += 1;
      entry.left -= 1;
      if (entry.left <= 0) entry.fault.end();
    }
    return struck.map(({ effect }) => effect);
  }
}
