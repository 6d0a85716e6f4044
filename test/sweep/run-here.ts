import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { Fleet } from '../../lib/fleet/fleet.ts';
import type { Tempo } from '../../lib/plan/assignment.ts';
import { laptopTempo } from '../../lib/plan/tempo.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import type { Store } from '../../lib/store/store.ts';
import { plainSteps } from '../../lib/sweep/plain-steps.ts';
import { runSweep } from '../../lib/sweep/run-sweep.ts';
import type { Clock } from '../../lib/timing/clock.ts';
import { drawLast } from '../report/draw-last.ts';

export interface SweepHere {
  readonly spec: Spec;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly tempo?: Tempo;
}

/** Carries out the sweep `real` in this process, aggregated where it rests. */
export async function runHere({ spec, store, fleet, clock, tempo = laptopTempo }: SweepHere): Promise<void> {
  const aggregator = storeAggregator({ store, nowEpochMs: clock.nowEpochMs, draw: drawLast });
  const steps = plainSteps({ clock, stop: new AbortController().signal, aggregator });
  const startedAtEpochMs = clock.nowEpochMs();
  await runSweep(
    { sweepId: 'real', spec, startedAtEpochMs, tempo, limits: null, version: '0.0.0', owner: 'test', execution: null },
    { steps, fleet, store, clock, observe: () => undefined },
  );
}
