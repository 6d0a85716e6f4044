import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inFlightGauge } from '../../lib/load/in-flight-gauge.ts';

interface Flight {
  readonly fromUs: number;
  readonly toUs: number;
}

const window = { startsUs: 1_000_000_100, endsUs: 1_000_000_460 };
const slices = 20;
const sliceUs = (window.endsUs - window.startsUs) / slices;

/** Microsecond for microsecond: how many requests are in flight in it, summed for each slice. */
function countedBySlice(flights: readonly Flight[]): number[] {
  return Array.from({ length: slices }, (_, slice) => {
    let sumUs = 0;
    for (let atUs = window.startsUs + slice * sliceUs; atUs < window.startsUs + (slice + 1) * sliceUs; atUs++) {
      sumUs += flights.filter(({ fromUs, toUs }) => fromUs <= atUs && atUs < toUs).length;
    }
    return sumUs;
  });
}

/** Before, in and after the window. */
const moment = fc.integer({ min: window.startsUs - 200, max: window.endsUs + 200 });
const flight = fc.tuple(moment, moment).map(([a, b]): Flight => ({ fromUs: Math.min(a, b), toUs: Math.max(a, b) }));

/** Flights, and all their changes in an order of chance. */
const told = fc.array(flight, { maxLength: 12 }).chain((flights) => {
  const changes = flights.flatMap(({ fromUs, toUs }) => [
    { by: 1 as const, atUs: fromUs },
    { by: -1 as const, atUs: toUs },
  ]);
  return fc.record({
    flights: fc.constant(flights),
    changes: fc.shuffledSubarray(changes, { minLength: changes.length }),
  });
});

const inUs = (seconds: number) => Math.round(seconds * 1e9) / 1e3;

test('in-flight seconds are the time-weighted requests in flight, slice by slice, in whatever order they are told', () => {
  fc.assert(
    fc.property(told, ({ flights, changes }) => {
      const gauge = inFlightGauge();
      for (const { by, atUs } of changes) gauge.change(by, atUs);
      assert.deepEqual(gauge.secondsBySlice({ ...window, slices }).map(inUs), countedBySlice(flights));
      assert.equal(gauge.current, 0);
    }),
    { numRuns: 200 },
  );
});

test('the slices add up to the whole: overlap of [sent, settled] with the window', () => {
  fc.assert(
    fc.property(told, fc.integer({ min: 1, max: 50 }), ({ flights, changes }, count) => {
      const gauge = inFlightGauge();
      for (const { by, atUs } of changes) gauge.change(by, atUs);
      const overlapUs = flights.reduce((sum, { fromUs, toUs }) => {
        return sum + Math.max(0, Math.min(toUs, window.endsUs) - Math.max(fromUs, window.startsUs));
      }, 0);
      const whole = gauge.secondsBySlice({ ...window, slices: count }).reduce((sum, seconds) => sum + seconds, 0);
      assert.equal(inUs(whole), overlapUs);
    }),
  );
});

test('current is what has entered flight and not left it', () => {
  const gauge = inFlightGauge();
  gauge.change(1, window.startsUs - 10);
  gauge.change(1, window.startsUs + 10);
  assert.equal(gauge.current, 2);
  gauge.change(-1, window.startsUs + 20);
  assert.equal(gauge.current, 1);
  assert.equal(inUs(gauge.secondsBySlice({ ...window, slices }).reduce((sum, seconds) => sum + seconds, 0)), 360 + 10);
});
