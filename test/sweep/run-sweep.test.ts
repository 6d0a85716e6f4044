import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { exitCodeOf } from '../../lib/report/summary.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { reportKey, statusKey } from '../../lib/store/key-layout.ts';
import { type VirtualSweep, virtualSweep } from './virtual-sweep.ts';

const model: QueueModel = { ...smallServer, jitter: 0 };
const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 5}
load: {levels: [1, 4, 8]}
stage: {warmUp: 1s, measure: 3s, drain: 2s}
fleet: {streamsPerWorker: 2}
`);

const drawn: Pick<VirtualSweep, 'newAggregator'> = {
  newAggregator: (store, { nowEpochMs }) => storeAggregator({ store, nowEpochMs }),
};

describe('a sweep', () => {
  test('probe, levels, drift check, report; no two stages overlap', async () => {
    const { report, events, journal, store } = await virtualSweep({ spec, mock: { model, seed: 1 }, ...drawn });
    assert.deepEqual(report.ended, { reason: 'done', detail: null });
    assert.equal(exitCodeOf(report), 0);
    const stages = events.flatMap((event) => (event.kind === 'stage_ended' ? [event.stage] : []));
    assert.deepEqual(
      stages.map(({ kind, level }) => `${kind} ${level}`),
      ['probe 1', 'load 1', 'load 4', 'load 8', 'drift 1'],
    );
    const lastOf = new Map<string, number>();
    const firstOf = new Map<string, number>();
    for (const { requestId, arrivalUs, finishedUs } of journal) {
      const stage = requestId.slice(0, 5);
      firstOf.set(stage, Math.min(firstOf.get(stage) ?? Number.POSITIVE_INFINITY, arrivalUs));
      lastOf.set(stage, Math.max(lastOf.get(stage) ?? 0, finishedUs ?? arrivalUs));
    }
    for (const [index, stage] of [...firstOf.keys()].sort().entries()) {
      const next = [...firstOf.keys()].sort()[index + 1];
      if (next) assert.ok((lastOf.get(stage) ?? 0) < (firstOf.get(next) ?? 0), `${stage} before ${next}`);
    }
    assert.equal(store.json<{ state: string }>(statusKey('virtual')).state, 'ended');
    for (const file of ['report.html', 'report.json', 'report.md', 'curve.csv', 'curve.svg', 'summary.json'] as const) {
      assert.ok(store.text(reportKey('virtual', file)).length > 50, file);
    }
  });

  test('a lost worker is named, its streams are missing, and the sweep goes on', async () => {
    const lose = ({ stage, worker }: { stage: { level: number }; worker: number }) => stage.level === 8 && worker === 2;
    const { report } = await virtualSweep({ spec, mock: { model, seed: 1 }, lose });
    const point = report.points.find(({ level }) => level === 8);
    assert.deepEqual(point?.client.workersLost, [2]);
    assert.ok(point?.validity.reasons.some(({ name }) => name === 'streams_missing'));
    assert.equal(report.ended?.reason, 'done');
  });

  test('all workers lost: the level runs again once', async () => {
    let times = 0;
    const lose = ({ stage }: { stage: { level: number } }) => stage.level === 4 && times++ < 2;
    const { report, events } = await virtualSweep({ spec, mock: { model, seed: 1 }, lose });
    const ran = events.flatMap((event) => (event.kind === 'stage_ended' ? [event.stage.level] : []));
    assert.deepEqual(ran, [1, 1, 4, 4, 8, 1]);
    assert.equal(report.points.find(({ level }) => level === 4)?.validity.state, 'ok');
  });

  test('stopped in mid-stage: sending ends within five seconds, what was measured is in the report, exit 130', async () => {
    let stoppedUs = 0;
    const { report, journal } = await virtualSweep({
      spec,
      mock: { model, seed: 1 },
      observe(event, { clock, stop }) {
        if (event.kind !== 'stage_started' || event.stage.level !== 8) return;
        stoppedUs = clock.nowUs() + 3e6;
        clock.callAt(stoppedUs, stop);
      },
    });
    assert.equal(report.ended?.reason, 'stopped');
    assert.equal(exitCodeOf(report), 130);
    assert.ok(Math.max(...journal.map(({ arrivalUs }) => arrivalUs)) < stoppedUs + 5e6);
    assert.equal(report.points.find(({ level }) => level === 4)?.validity.state, 'ok');
    const cut = report.points.find(({ level }) => level === 8);
    assert.equal(cut?.validity.state, 'void');
    assert.ok(cut?.validity.reasons.some(({ name }) => name === 'interrupted'));
  });

  test('an endpoint that fails most requests ends the sweep with error_rate, exit 4', async () => {
    const faults = [{ kind: 'error_503', share: 0.8 }] as const;
    // The first seed whose faults spare the probe.
    for (let seed = 1; seed < 50; seed++) {
      const { report } = await virtualSweep({ spec, mock: { model, seed, faults } });
      if (report.ended?.reason === 'probe_failed') continue;
      assert.equal(report.ended?.reason, 'error_rate');
      assert.equal(exitCodeOf(report), 4);
      return;
    }
    assert.fail('no seed spares the probe');
  });

  test('a failed probe: only stage 0 runs, and the report quotes the endpoint', async () => {
    const { report, store, events } = await virtualSweep({ spec, mock: { model, seed: 1, apiKey: 'right' }, ...drawn });
    assert.equal(report.ended?.reason, 'probe_failed');
    assert.equal(exitCodeOf(report), 3);
    assert.match(report.ended?.detail ?? '', /401.*No key was sent/);
    assert.equal(events.filter(({ kind }) => kind === 'stage_started').length, 1);
    assert.match(store.text(reportKey('virtual', 'report.html')), /401/);
  });

  test('an endpoint that refuses stream_options is asked without, and the probe says so', async () => {
    const { report } = await virtualSweep({
      spec,
      mock: { model, seed: 1, faults: [{ kind: 'refuse_stream_options', share: 1 }] },
    });
    assert.equal(report.probe?.usageInStream, false);
    assert.deepEqual(report.probe?.warnings, ['no_usage', 'usage_refused']);
    assert.ok(report.points[0]?.validity.reasons.some(({ name }) => name === 'tokens_unknown'));
  });

  test('an endpoint that does not stream passes the probe with a warning; latency is measured, TTFT is not', async () => {
    const { report } = await virtualSweep({
      spec,
      mock: { model, seed: 1, faults: [{ kind: 'not_streamed', share: 1 }] },
    });
    assert.deepEqual(report.probe?.warnings, ['not_streamed']);
    const [point] = report.points;
    assert.equal(point?.ttftMs.p50, null);
    assert.ok((point?.latencyMs.p50 ?? 0) > 0);
  });
});
