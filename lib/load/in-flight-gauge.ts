/** ∫ requests in flight dt over a window and its equal slices, from the moments at which requests enter and leave. */
export interface InFlightGauge {
  /** Requests in flight now. */
  readonly current: number;
  change(by: 1 | -1, atUs: number): void;
  /** Request-seconds in each slice, complete once the window is over. */
  secondsBySlice(): readonly number[];
}

/**
 * Adds what is left of the window at each entry and takes off what is left at each leaving: so the order in which
 * changes are told doesn't matter.
 */
export function inFlightGauge(windowStartsUs: number, windowEndsUs: number, slices: number): InFlightGauge {
  const sumsUs = new Float64Array(slices);
  const sliceUs = (windowEndsUs - windowStartsUs) / slices;
  let current = 0;
  return {
    get current() {
      return current;
    },
    change(by, atUs) {
      current += by;
      const first = Math.max(0, Math.floor((atUs - windowStartsUs) / sliceUs));
      for (let slice = first; slice < slices; slice++) {
        const endsUs = windowStartsUs + (slice + 1) * sliceUs;
        sumsUs[slice] = (sumsUs[slice] ?? 0) + by * (endsUs - Math.max(atUs, endsUs - sliceUs));
      }
    },
    secondsBySlice: () => Array.from(sumsUs, (us) => us / 1e6),
  };
}

/** The same for a window that is known only when it is over: changes are kept, and gauged then. */
export interface FlightLog {
  readonly current: number;
  change(by: 1 | -1, atUs: number): void;
  gauge(windowStartsUs: number, windowEndsUs: number, slices: number): InFlightGauge;
}

export function flightLog(): FlightLog {
  const changes: { readonly by: 1 | -1; readonly atUs: number }[] = [];
  let current = 0;
  return {
    get current() {
      return current;
    },
    change(by, atUs) {
      current += by;
      changes.push({ by, atUs });
    },
    gauge(windowStartsUs, windowEndsUs, slices) {
      const gauge = inFlightGauge(windowStartsUs, windowEndsUs, slices);
      for (const { by, atUs } of changes) gauge.change(by, atUs);
      return gauge;
    },
  };
}
