import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Followed, followSweep } from '../../../lib/cli/cloud/follow-sweep.ts';
import type { Verdict } from '../../../lib/plan/verdict.ts';
import { jsonText } from '../../../lib/store/json.ts';
import { statusKey } from '../../../lib/store/key-layout.ts';
import type { SweepEvent } from '../../../lib/sweep/sweep-event.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { sweep } from '../../sweep/cloud-start.ts';
import { virtualStart } from '../../sweep/virtual-start.ts';
import { type VirtualClock, virtualClock } from '../../timing/virtual-clock.ts';

/** What a line of progress shows of a verdict. */
function shown({ stage, level, state, reasons, requests, errorShare, p50LatencyMs, outputTokensPerSecond }: Verdict) {
  return { stage, level, state, reasons, requests, errorShare, p50LatencyMs, outputTokensPerSecond };
}

interface Seen {
  readonly followed: Followed;
  readonly events: readonly SweepEvent[];
  readonly clock: VirtualClock;
}

async function follow(
  store = memoryStore(),
  why: string | null = null,
  leaveAfterMs = Number.POSITIVE_INFINITY,
): Promise<Seen> {
  const clock = virtualClock();
  const events: SweepEvent[] = [];
  const leave = new AbortController();
  if (Number.isFinite(leaveAfterMs)) clock.callAt(clock.nowUs() + leaveAfterMs * 1000, () => leave.abort());
  const followed = await clock.runUntilSettled(
    followSweep({
      store,
      clock,
      sweepId: 'cloud',
      everyMs: 2000,
      leave: leave.signal,
      observe: (event) => events.push(event),
      whyDead: async () => why,
    }),
  );
  return { followed, events, clock };
}

const withStatus = async (status: object) => {
  const store = memoryStore();
  await store.put(statusKey('cloud'), jsonText({ sweepId: 'cloud', ...status }));
  return store;
};

describe('following a sweep by what it leaves in the bucket', () => {
  it('tells the same events as a sweep on this machine, and ends with its summary', async () => {
    const told: SweepEvent[] = [];
    const { store } = await virtualStart({ event: { sweep, id: 'cloud' }, observe: (event) => told.push(event) });
    const { followed, events } = await follow(store);
    const names = (all: readonly SweepEvent[]) =>
      all.map((event) => ('stage' in event ? `${event.kind} ${event.stage.kind} ${event.stage.level}` : event.kind));
    assert.deepEqual(names(events), [...new Set(names(told))]);
    const verdictOf = (all: readonly SweepEvent[]) =>
      all.flatMap((event) =>
        event.kind === 'stage_ended' && event.stage.kind === 'load' ? [shown(event.verdict)] : [],
      );
    const lastTold = verdictOf(told).filter(
      ({ stage }, index, all) => all.findIndex((one) => one.stage === stage) === index,
    );
    assert.deepEqual(verdictOf(events), JSON.parse(JSON.stringify(lastTold)));
    assert.ok(followed.kind === 'ended' && followed.summary?.exitCode === 0, JSON.stringify(followed));
  });
  it('a sweep that was refused: why', async () => {
    const { followed } = await follow(await withStatus({ state: 'refused', refusals: ['no'] }));
    assert.deepEqual(followed, { kind: 'refused', refusals: ['no'] });
  });
  it('an id that nobody knows: given up after a minute, in which a sweep just started may come', async () => {
    const { followed, clock } = await follow();
    assert.equal(followed.kind, 'unknown');
    assert.ok(clock.nowUs() > 60e6);
  });
  it('a sweep whose execution is over though it says that it runs: why', async () => {
    const { followed } = await follow(await withStatus({ state: 'running', execution: 'arn' }), 'FAILED');
    assert.deepEqual(followed, { kind: 'dead', why: 'FAILED' });
  });
  it('ended without a report: not waited for for ever', async () => {
    const { followed } = await follow(await withStatus({ state: 'ended', ended: { reason: 'failed', detail: null } }));
    assert.deepEqual(followed, { kind: 'ended', summary: null });
  });
  it('can be left', async () => {
    assert.deepEqual((await follow(await withStatus({ state: 'running' }), null, 10_000)).followed, { kind: 'left' });
  });
});
