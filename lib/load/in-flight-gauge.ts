/** The window over which requests in flight are summed, and into how many equal slices. */
export interface GaugedWindow {
  readonly startsUs: number;
  readonly endsUs: number;
  readonly slices: number;
}

/** Requests in flight, from the moments at which they enter and leave. */
export interface InFlightGauge {
  /** Requests in flight now. */
  readonly current: number;
  change(by: 1 | -1, atUs: number): void;
  /** ∫ requests in flight dt in each slice of a window, in request-seconds; complete once the window is over. */
  secondsBySlice(window: GaugedWindow): readonly number[];
}

/** Keeps each change until the window is known, which of a counted stage it is only at the end. */
export function inFlightGauge(): InFlightGauge {
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
    secondsBySlice({ startsUs, endsUs, slices }) {
      const sumsUs = new Float64Array(slices);
      const sliceUs = (endsUs - startsUs) / slices;
      // Each entry adds what is left of the window, each leaving takes it off: their order doesn't matter.
      for (const { by, atUs } of changes) {
        const first = Math.max(0, Math.floor((atUs - startsUs) / sliceUs));
        for (let slice = first; slice < slices; slice++) {
          const sliceEndsUs = startsUs + (slice + 1) * sliceUs;
          sumsUs[slice] = (sumsUs[slice] ?? 0) + by * (sliceEndsUs - Math.max(atUs, sliceEndsUs - sliceUs));
        }
      }
      return Array.from(sumsUs, (us) => us / 1e6);
    },
  };
}
