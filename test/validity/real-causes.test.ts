import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReasonName } from '../../lib/curve/validity.ts';
import { type RealSweep, realSweep } from './real-sweep.ts';

interface RealCase {
  readonly cause: string;
  /** What the cause brings about on any machine. */
  readonly names: Readonly<Partial<Record<ReasonName, 'suspect' | 'void'>>>;
  readonly sweep: RealSweep;
}

/** What a machine that is busy with other things can add to any of these, and what a short window can. */
const busyMachine: readonly ReasonName[] = ['event_loop_delay', 'cpu', 'send_lag'];
const shortWindow: readonly ReasonName[] = ['few_samples', 'drifting', 'emptied', 'load_not_held'];

const cases: readonly RealCase[] = [
  {
    cause: 'the stamping thread has other things to do, 60 ms in each turn of its event loop',
    names: { event_loop_delay: 'void', send_lag: 'void' },
    sweep: { thread: 'busy' },
  },
  {
    cause: 'of three threads one ends and one throws at birth',
    names: { streams_missing: 'void', load_not_held: 'void', emptied: 'void' },
    sweep: { thread: 'dies' },
  },
  {
    cause: 'the endpoint closes four connections in ten',
    names: { cold_connections: 'void' },
    sweep: { thread: null, faults: [{ kind: 'connection_close', share: 0.4 }] },
  },
  {
    cause: 'the endpoint closes every connection after its answer',
    names: { cold_connections: 'suspect' },
    sweep: { thread: null, faults: [{ kind: 'connection_close', share: 1 }] },
  },
];

/** A thread that got so much of a core is above the limit of 70 %, whatever the window's share of it was. */
const nearlyWholeCore = 0.85;

describe('in real time', { concurrency: true }, () => {
  for (const { cause, names, sweep } of cases) {
    test(`${cause} → ${Object.keys(names).join(', ')}`, async (t) => {
      const { json, page, markdown, cpuShares } = await realSweep(sweep);
      for (const [name, state] of Object.entries(names))
        assert.equal(json[name], state, `${name}: ${JSON.stringify(json)}`);
      const allowed = new Set<string>([...Object.keys(names), ...busyMachine, ...shortWindow]);
      for (const name of Object.keys(json)) assert.ok(allowed.has(name), `${name} does not follow from this`);
      assert.deepEqual(page, json);
      assert.deepEqual(markdown, json);
      const most = Math.max(0, ...cpuShares);
      if (most > nearlyWholeCore) assert.ok(json['cpu'], `cpu is not named, at ${most} of a core`);
      else if (cpuShares.length > 0) t.diagnostic(`cpu not checked: other work left the thread ${most} of a core`);
    });
  }
});
