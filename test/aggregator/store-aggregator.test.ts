import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { Point } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { reduceStage } from '../../lib/curve/pool.ts';
import { verdictOf } from '../../lib/curve/verdict.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import type { Report } from '../../lib/report/report.ts';
import { summaryOf } from '../../lib/report/summary.ts';
import {
  planKey,
  pointKey,
  type ReportFile,
  receiptKey,
  recordsKey,
  stageKey,
  statusKey,
} from '../../lib/store/key-layout.ts';
import type { Store } from '../../lib/store/store.ts';
import { sloFrom } from '../curve/bounds.ts';
import { dataOf } from '../curve/sample-stage.ts';
import { sampleFinding } from '../plan/sample-plan.ts';
import { plan, smallStage, storedSweep } from './stored-sweep.ts';

const draw = async (report: Report) => new Map<ReportFile, string>([['report.json', JSON.stringify(report)]]);
const aggregatorOf = (store: Store) => storeAggregator({ store, nowEpochMs: () => 5_000_000, draw });
const drawn = 'reports/test/report.json';

describe('aggregating a stage', () => {
  const stage = smallStage(1);

  it('gives the verdict of its records, keeps its point, and draws the report', async () => {
    const store = await storedSweep(stage);
    const point = pointOf(dataOf({ ...stage }));
    const verdict = await aggregatorOf(store).aggregate('test', 1);
    assert.deepEqual({ ...verdict, tookMs: null }, verdictOf({ point, own: point }));
    assert.deepEqual(store.json<Point>(pointKey('test', 1)), point);
    assert.deepEqual(store.json<Report>(drawn).points, [point]);
  });

  it('says how long the stage took, at most its own time and a minute', async () => {
    const store = await storedSweep(stage);
    const { startsAtEpochMs, stopsAtEpochMs } = stage.stage;
    const tookBy = async (nowEpochMs: number) =>
      (await storeAggregator({ store, nowEpochMs: () => nowEpochMs, draw }).aggregate('test', 1)).tookMs;
    assert.equal(await tookBy(startsAtEpochMs + 12_345), 12_345);
    assert.equal(
      await tookBy(stopsAtEpochMs + 86_400_000),
      stopsAtEpochMs + 60_000 - startsAtEpochMs,
      'resumed next day',
    );
  });

  it('says which budget a worker ran out of', async () => {
    const store = await storedSweep({
      ...stage,
      receipts: stage.receipts.map((one) => ({ ...one, ranOutOf: 'cost' })),
    });
    assert.equal((await aggregatorOf(store).aggregate('test', 1)).ranOutOf, 'cost');
  });

  it('holds the stage against the SLO of the sweep', async () => {
    const store = await storedSweep(stage);
    const slo = sloFrom({ perRequest: { latency: '350ms' }, errorRate: 0.5 });
    await store.put(planKey('test'), JSON.stringify({ ...plan, spec: { ...plan.spec, slo } }));
    await aggregatorOf(store).aggregate('test', 1);
    const point = store.json<Point>(pointKey('test', 1));
    assert.deepEqual(point, pointOf(dataOf({ ...stage }), slo));
    assert.equal(point.slo?.verdict, 'met');
    assert.equal(store.json<Report>(drawn).curves[0]?.answers.highestMet, 4);
  });

  it('hands on what the probe found', async () => {
    const store = await storedSweep();
    const verdict = await aggregatorOf(store).aggregate('test', 0);
    const { state, requests, errorShare, p50LatencyMs, p95LatencyMs, probe } = verdict;
    assert.deepEqual(
      { state, requests, errorShare, p50LatencyMs, p95LatencyMs },
      {
        state: 'ok',
        requests: 3,
        errorShare: 0,
        p50LatencyMs: 1000,
        p95LatencyMs: null,
      },
    );
    assert.deepEqual(probe, sampleFinding);
    const usage = { requests: 3, inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 3 };
    assert.deepEqual(store.json(pointKey('test', 0)), { ...verdict, usage, tookMs: null });
    assert.deepEqual(store.json<Report>(drawn).points, []);
  });

  it('says that a probe left no receipt', async () => {
    const store = await storedSweep();
    await store.put(receiptKey('test', 0, 0), '{"schema": "paretoken.rec');
    const { state, reasons, probe, p50LatencyMs } = await aggregatorOf(store).aggregate('test', 0);
    assert.deepEqual(
      { state, reasons, probe, p50LatencyMs },
      { state: 'void', reasons: ['streams_missing'], probe: null, p50LatencyMs: null },
    );
  });

  it('gives the same again when it is called again', async () => {
    const store = await storedSweep(stage);
    const first = await aggregatorOf(store).aggregate('test', 1);
    assert.deepEqual(await aggregatorOf(store).aggregate('test', 1), first);
  });

  it('gives the verdict though the report cannot be drawn', async () => {
    const store = await storedSweep(stage);
    const failing = storeAggregator({ store, nowEpochMs: () => 0, draw: () => Promise.reject(new Error('no ink')) });
    assert.equal((await failing.aggregate('test', 1)).state, 'ok');
    await assert.rejects(failing.conclude('test', { reason: 'done', detail: null }), /no ink/);
  });

  it('refuses a stage that was never begun', async () => {
    await assert.rejects(aggregatorOf(await storedSweep()).aggregate('test', 1), {
      name: 'SweepDataError',
      code: 'no_stage',
    });
  });
});

describe('aggregating a repeat', () => {
  const first = smallStage(1);
  const other = smallStage(2, 8);
  const again = smallStage(3, 4, 1);

  it('reads the records of the earlier run again, and keeps the point of both', async () => {
    const store = await storedSweep(first, other, again);
    const aggregator = aggregatorOf(store);
    for (const stage of [1, 2]) await aggregator.aggregate('test', stage);
    const verdict = await aggregator.aggregate('test', 3);
    const reduced = reduceStage(dataOf(again), [dataOf(first)]);
    assert.deepEqual(reduced.point.stages, [1, 3]);
    assert.deepEqual({ ...verdict, tookMs: null }, verdictOf(reduced));
    assert.deepEqual(store.json<Point>(pointKey('test', 3)), reduced.point);
    const { points } = store.json<Report>(drawn);
    assert.deepEqual(
      points.map(({ level, stages }) => [level, stages]),
      [
        [4, [1, 3]],
        [8, [2]],
      ],
    );
  });

  it('gives the same when the first run is aggregated once more, or its point can’t be read', async () => {
    const store = await storedSweep(first, again);
    const aggregator = aggregatorOf(store);
    const pooled = await aggregator.aggregate('test', 3);
    const alone = await aggregator.aggregate('test', 1);
    assert.notDeepEqual(alone.outputTokensPerSecondCi, pooled.outputTokensPerSecondCi);
    await store.put(pointKey('test', 1), '');
    assert.deepEqual(await aggregator.aggregate('test', 3), pooled);
  });

  it('counts what the sweep used once, though two points hold it', async () => {
    const store = await storedSweep(first, again);
    const aggregator = aggregatorOf(store);
    for (const stage of [0, 1, 3]) await aggregator.aggregate('test', stage);
    const { usage } = await aggregator.redraw('test');
    const sent = [...first.records, ...again.records].filter(({ sentUs }) => sentUs !== null);
    assert.equal(usage?.requests, 3 + sent.length);
    assert.equal(
      usage?.outputTokens,
      sent.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0),
    );
  });

  it('leaves earlier runs alone where the level runs for the first time', async () => {
    const store = await storedSweep(smallStage(1), smallStage(3));
    await aggregatorOf(store).aggregate('test', 3);
    assert.deepEqual(store.json<Point>(pointKey('test', 3)).stages, [3]);
  });
});

describe('what is missing of a stage is said', () => {
  const part = recordsKey('test', 1, 1, 0);
  const aggregated = async (damage: (store: Awaited<ReturnType<typeof storedSweep>>) => Promise<unknown> | unknown) => {
    const store = await storedSweep(smallStage(1));
    await damage(store);
    const { state, reasons } = await aggregatorOf(store).aggregate('test', 1);
    return { state, reasons, notes: store.json<Point>(pointKey('test', 1)).notes };
  };
  const missing = { name: 'parts_unreadable', count: 1 } as const;

  it('a file of records that was cut short', async () => {
    const { reasons, notes } = await aggregated(async (store) =>
      store.put(part, ((await store.get(part)) ?? new Uint8Array()).subarray(0, 900)),
    );
    assert.deepEqual(notes, [missing]);
    assert.deepEqual(reasons, ['records_missing']);
  });

  it('a file of records that is empty', async () => {
    assert.deepEqual((await aggregated((store) => store.put(part, ''))).notes, [missing]);
  });

  it('a file of records that the store does not give', async () => {
    const damage = (store: Awaited<ReturnType<typeof storedSweep>>) =>
      store.failWith((verb, key) => (verb === 'get' && key === part ? 'timeout' : null));
    assert.deepEqual((await aggregated(damage)).notes, [missing]);
  });

  it('a file of records that the receipt tells of and that is not there', async () => {
    const { notes, reasons } = await aggregated(async (store) => {
      const receipt = store.json<{ records: { parts: number } }>(receiptKey('test', 1, 0));
      receipt.records.parts += 2;
      await store.put(receiptKey('test', 1, 0), JSON.stringify(receipt));
    });
    assert.deepEqual(notes, [{ name: 'parts_unreadable', count: 2 }]);
    assert.deepEqual(reasons, []);
  });

  for (const [why, text] of [
    ['that was cut short', '{"schema": "paretoken.receipt.v1", "wor'],
    ['of another version', '{"schema": "paretoken.receipt.v9"}'],
    ['that is no object', '3'],
  ] as const) {
    it(`a receipt ${why}: its worker is lost`, async () => {
      const { state, reasons, notes } = await aggregated((store) => store.put(receiptKey('test', 1, 0), text));
      assert.deepEqual(notes, [{ name: 'receipts_missing', count: 1 }]);
      assert.deepEqual([state, reasons], ['void', ['streams_missing']]);
    });
  }
});

describe('the report of a sweep', () => {
  it('holds the plan, the probe, the points and the end', async () => {
    const store = await storedSweep(smallStage(1, 1), smallStage(2, 2), smallStage(3, 4));
    const aggregator = aggregatorOf(store);
    for (const stage of [0, 1, 2, 3]) await aggregator.aggregate('test', stage);
    const ended = { reason: 'done', detail: null } as const;
    const summary = await aggregator.conclude('test', ended);
    const report = store.json<Report>(drawn);
    assert.deepEqual(summary, summaryOf(report));
    const { points, curves, driftPoint, ...rest } = report;
    assert.deepEqual(rest, {
      schema: 'paretoken.report.v1',
      sweepId: 'test',
      name: plan.name,
      target: { url: plan.spec.target.url, model: null },
      startedAtEpochMs: 1_000_000,
      updatedAtEpochMs: 5_000_000,
      spec: plan.spec,
      version: '1.2.3',
      machine: { node: 'v24.0.0', platform: 'linux', cpus: 2, region: 'eu-west-1' },
      probe: sampleFinding,
      notebook: [],
      usage: {
        requests: 3 + points.reduce((sum, { usage }) => sum + (usage?.requests ?? 0), 0),
        inputTokens: points.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0), 0),
        outputTokens: points.reduce((sum, { usage }) => sum + (usage?.outputTokens ?? 0), 0),
        requestsWithoutUsage: 3 + points.reduce((sum, { usage }) => sum + (usage?.requestsWithoutUsage ?? 0), 0),
      },
      cost: null,
      ended,
      warnings: [],
    });
    assert.deepEqual(
      points.map(({ level }) => level),
      [1, 2, 4],
    );
    assert.deepEqual([curves.length, curves[0]?.knee.reason, driftPoint], [1, 'still_rising', null]);
  });

  it('tells what the sweep cost, by the prices of its spec', async () => {
    const store = await storedSweep(smallStage(1));
    const prices = { inputPerMillion: 2, outputPerMillion: 10, currency: 'EUR' };
    await store.put(planKey('test'), JSON.stringify({ ...plan, spec: { ...plan.spec, prices } }));
    for (const stage of [0, 1]) await aggregatorOf(store).aggregate('test', stage);
    const { usage, cost } = await aggregatorOf(store).redraw('test');
    assert.ok(usage && usage.inputTokens > 0);
    const amount = (usage.inputTokens * 2 + usage.outputTokens * 10) / 1e6;
    assert.deepEqual(cost, { amount, currency: 'EUR', isLowerBound: true });
    const { cost: summarized } = await aggregatorOf(store).conclude('test', { reason: 'done', detail: null });
    assert.deepEqual(summarized, cost);
  });

  it('is drawn again from what is kept, without the records, ended as the status says', async () => {
    const store = await storedSweep(smallStage(1));
    await aggregatorOf(store).aggregate('test', 1);
    store.failWith((_, key) => (key.startsWith('records/') ? 'gone' : null));
    assert.equal((await aggregatorOf(store).redraw('test')).ended, null);
    const ended = { reason: 'stopped', detail: 'Stopped at level 4.' };
    await store.put(statusKey('test'), JSON.stringify({ schema: 'paretoken.status.v1', ended }));
    const report = await aggregatorOf(store).redraw('test');
    assert.deepEqual([report.ended, report.points.length], [ended, 1]);
  });

  it('takes the probe that found something, of several the newest, and counts what all of them used', async () => {
    const store = await storedSweep(smallStage(2));
    const aggregator = aggregatorOf(store);
    await aggregator.aggregate('test', 0);
    const whole = store.json<Verdict & { readonly usage: unknown }>(pointKey('test', 0));
    await store.put(pointKey('test', 0), JSON.stringify({ ...whole, state: 'void', probe: null }));
    await store.put(pointKey('test', 1), JSON.stringify({ ...whole, stage: 1 }));
    const { probe, usage } = await aggregator.redraw('test');
    assert.deepEqual([probe, usage?.requests], [sampleFinding, 6]);
  });

  it('takes points that were stored before usage, causes and workers’ words were kept', async () => {
    const store = await storedSweep(smallStage(1), smallStage(2, 8));
    const aggregator = storeAggregator({ store, nowEpochMs: () => 5_000_000 });
    await aggregator.aggregate('test', 0);
    await aggregator.aggregate('test', 1);
    const { usage: _usage, ...older } = store.json<Point>(pointKey('test', 1));
    const { workerWords: _words, ...client } = older.client;
    const reasons = [{ name: 'errors', state: 'suspect', measured: 0.02, limit: 0.01 }];
    await store.put(pointKey('test', 1), JSON.stringify({ ...older, client, validity: { state: 'suspect', reasons } }));
    await aggregator.aggregate('test', 2);
    const { points, usage, cost } = await aggregator.redraw('test');
    assert.deepEqual([usage, cost, points[0]?.usage, points[0]?.client.workerWords], [null, null, null, []]);
    assert.deepEqual(points[0]?.validity.reasons, [{ ...reasons[0], cause: null }]);
    assert.ok(store.keys().includes('reports/test/report.html'));
  });

  it('leaves out a point that cannot be read, and warns', async () => {
    const store = await storedSweep(smallStage(1), smallStage(2, 8));
    const aggregator = aggregatorOf(store);
    await aggregator.aggregate('test', 1);
    await aggregator.aggregate('test', 2);
    await store.put(pointKey('test', 1), '{"schema": "paretoken.po');
    const { points, warnings } = await aggregator.redraw('test');
    assert.deepEqual(
      [points.map(({ level }) => level), warnings],
      [[8], ['One point could not be read and is left out.']],
    );
  });

  it('is the report of no points when the sweep ended before any', async () => {
    const store = await storedSweep();
    await aggregatorOf(store).conclude('test', { reason: 'failed', detail: null });
    const { points, curves, probe } = store.json<Report>(drawn);
    assert.deepEqual({ points, curves, probe }, { points: [], curves: [], probe: null });
  });

  it('is refused without a plan', async () => {
    const store = await storedSweep();
    await store.put(planKey('test'), '');
    await assert.rejects(aggregatorOf(store).redraw('test'), { name: 'SweepDataError', code: 'no_plan' });
    assert.ok(store.keys().includes(stageKey('test', 0)));
  });

  it('is drawn in all its files unless told otherwise', async () => {
    const store = await storedSweep(smallStage(1), smallStage(2, 8));
    const aggregator = storeAggregator({ store, nowEpochMs: () => 5_000_000 });
    await aggregator.aggregate('test', 1);
    await aggregator.aggregate('test', 2);
    const files = store.keys().filter((key) => key.startsWith('reports/test/'));
    assert.deepEqual(
      files.map((key) => key.split('/')[2]),
      ['curve.csv', 'curve.svg', 'report.html', 'report.json', 'report.md', 'summary.json'],
    );
  });
});
