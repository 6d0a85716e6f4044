import type { SweepEvent } from '../lib/sweep/sweep-event.ts';

/** What is logged of an event: what it is and where, in a few words. */
export function sweepLogOf(event: SweepEvent): Readonly<Record<string, unknown>> {
  const { kind } = event;
  switch (kind) {
    case 'planned': {
      const { sweepId: sweep, capacity, spec } = event.plan;
      const { levels, search } = spec.load;
      return { kind, sweep, ...(search === null ? { levels } : { search }), capacity };
    }
    case 'stage_started': {
      const { sweepId, stage, level, workers } = event.stage;
      return { kind, sweep: sweepId, stage, level, workers };
    }
    case 'stage_ended': {
      const { sweepId, stage, level } = event.stage;
      const { state, reasons, requests } = event.verdict;
      return { kind, sweep: sweepId, stage, level, state, reasons, requests };
    }
    case 'ended':
      return { kind, ...event.ended };
  }
}
