import { laptopTempo } from '../../lib/plan/tempo.ts';
import type { MemoryStore } from '../store/memory-store.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { testCauses } from './explains.ts';
import { aggregatedThrough, inWindow, type Troubled } from './troubled-sweep.ts';

/** Records are stored every two seconds, so that a stage has several parts. */
const oftenStored: Troubled = { tempo: { ...laptopTempo, flushMs: 2000 }, streamsPerWorker: 4 };

const isRecord = (key: string) => key.includes('stage=0001') && key.endsWith('.parquet');

/** Hands out a store in which parts of the level's records are other than they were written. */
function spoiltParts(spoilt: (key: string) => boolean, spoil: (whole: Uint8Array) => Uint8Array | null): Troubled {
  const spoilStore = ({ get, list, ...rest }: MemoryStore): MemoryStore => ({
    ...rest,
    list: async (prefix) => (await list(prefix)).filter((key) => spoil !== deleted || !spoilt(key)),
    async get(key) {
      const whole = await get(key);
      return whole !== null && spoilt(key) ? spoil(whole) : whole;
    },
  });
  return { ...oftenStored, ...aggregatedThrough(spoilStore) };
}

const deleted = () => null;
const cutInHalf = (whole: Uint8Array) => whole.slice(0, whole.length / 2);
const partOf = (worker: number, part: number) => (key: string) =>
  isRecord(key) && key.endsWith(`w000${worker}-${part}.parquet`);

/** The wall clock of the machine jumps so long after the sweep began; the monotonic side goes on. */
function steppedClock(afterMs: number, byMs: number): Troubled {
  const clock = virtualClock();
  const fromUs = clock.nowUs() + afterMs * 1000;
  const nowEpochMs = () => clock.nowEpochMs() + (clock.nowUs() < fromUs ? 0 : byMs);
  return { clock: { ...clock, nowEpochMs } };
}

testCauses([
  { cause: 'records are stored in several parts', names: {}, trouble: oftenStored },
  { cause: 'the wall clock is corrected by 50 ms', names: {}, trouble: steppedClock(6000, 50) },
  {
    cause: 'the wall clock is set forward by half a second in the window',
    names: { clock_step: ['suspect', 'half a second'] },
    trouble: steppedClock(6000, 500),
  },
  {
    cause: 'the wall clock is set back by an hour in the window',
    names: { clock_step: ['void', 'an hour'] },
    trouble: steppedClock(6000, -3_600_000),
  },
  {
    cause: 'the wall clock is set forward by an hour in the window',
    names: { clock_step: ['void', 'an hour'] },
    trouble: steppedClock(6000, 3_600_000),
  },
  {
    cause: 'the store takes no records any more from the middle of the window on',
    names: {
      records_missing: ['void', 'most requests left none'],
      few_samples: ['suspect', '70 are left'],
    },
    said: 'Workers 0 and 1 at level 8',
    trouble: {
      ...oftenStored,
      ...inWindow(3000, ({ store }) =>
        store.failWith((verb, key) => (verb === 'put' && isRecord(key) ? 'ENOSPC' : null)),
      ),
    },
  },
  {
    cause: 'the store takes no records for three seconds',
    names: {},
    trouble: {
      ...oftenStored,
      ...inWindow(3000, ({ store, clock }) => {
        const untilUs = clock.nowUs() + 2e6;
        store.failWith((verb, key) => (verb === 'put' && isRecord(key) && clock.nowUs() < untilUs ? 'EIO' : null));
      }),
    },
  },
  {
    cause: 'one part is deleted before aggregation',
    names: { records_missing: ['void', 'two seconds of six of one worker of two'] },
    trouble: spoiltParts(partOf(1, 3), deleted),
  },
  {
    cause: 'one part is truncated before aggregation',
    names: { records_missing: ['void', 'two seconds of six of one worker of two'] },
    trouble: spoiltParts(partOf(1, 3), cutInHalf),
  },
  {
    cause: 'the last parts of all workers are deleted before aggregation',
    names: { records_missing: ['void', 'the end of the window'] },
    trouble: spoiltParts((key) => isRecord(key) && Number(/-(\d+)\.parquet$/.exec(key)?.[1]) >= 3, deleted),
  },
  {
    cause: 'all records are deleted before aggregation',
    names: { records_missing: ['void', 'all'], few_samples: ['void', 'none is left'] },
    trouble: spoiltParts(isRecord, deleted),
  },
]);
