import type { Point } from '../curve/point.ts';
import { pointOf } from '../curve/point-of.ts';
import { probeVerdictOf, verdictOf } from '../curve/verdict.ts';
import type { Ended } from '../plan/ended.ts';
import type { Plan } from '../plan/plan.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Report } from '../report/report.ts';
import { reportFiles } from '../report/report-files.ts';
import { summaryOf } from '../report/summary.ts';
import { getJson, jsonText } from '../store/json.ts';
import { planKey, pointKey, pointsPrefix, type ReportFile, reportKey, statusKey } from '../store/key-layout.ts';
import { type Store, StoreError } from '../store/store.ts';
import type { Aggregator } from './aggregator.ts';
import { mapAtMost } from './at-most.ts';
import { readReceipts, readStage } from './read-stage.ts';
import { reportOf } from './report-of.ts';
import { SweepDataError } from './sweep-data-error.ts';

export interface StoreAggregatorOptions {
  readonly store: Store;
  readonly nowEpochMs: () => number;
  /** Draws the files of a report. */
  readonly draw?: (report: Report) => Promise<ReadonlyMap<ReportFile, string>>;
}

export interface StoreAggregator extends Aggregator {
  /** Draws the report again from what is stored, ended as the sweep's status says. */
  redraw(sweepId: string): Promise<Report>;
}

const readsAtOnce = 16;

/**
 * Reduces stages where they rest. Of each stage its point is kept, of the probe its verdict, and every report is drawn
 * from what is kept: records are read once.
 */
export function storeAggregator({ store, nowEpochMs, draw = reportFiles }: StoreAggregatorOptions): StoreAggregator {
  const redrawn = async (sweepId: string, ended: Ended | null) => {
    const report = await assembleReport({ store, nowEpochMs }, sweepId, ended);
    for (const [file, text] of await draw(report)) await store.put(reportKey(sweepId, file), text);
    return report;
  };
  return {
    async aggregate(sweepId, stage) {
      const verdict = await reduceStage(store, sweepId, stage);
      // The sweep goes on without this drawing; the last one is not forgiven.
      await redrawn(sweepId, null).catch(() => undefined);
      return verdict;
    },
    conclude: async (sweepId, ended) => summaryOf(await redrawn(sweepId, ended)),
    async redraw(sweepId) {
      const status = await getJson<{ readonly ended?: Ended | null }>(store, statusKey(sweepId));
      return redrawn(sweepId, status?.ended ?? null);
    },
  };
}

async function reduceStage(store: Store, sweepId: string, ordinal: number): Promise<Verdict> {
  const data = await readStage(store, sweepId, ordinal);
  if (data.stage.kind === 'probe') {
    const verdict = probeVerdictOf(data.stage, data.receipts[0] ?? null);
    await store.put(pointKey(sweepId, ordinal), jsonText(verdict));
    return verdict;
  }
  const plan = await getJson<Plan>(store, planKey(sweepId));
  if (plan?.schema !== 'paretoken.plan.v1') throw new SweepDataError('no_plan', planKey(sweepId));
  const point = pointOf(data, plan.spec.slo);
  await store.put(pointKey(sweepId, ordinal), jsonText(point));
  return verdictOf(point);
}

async function assembleReport(
  { store, nowEpochMs }: Pick<StoreAggregatorOptions, 'store' | 'nowEpochMs'>,
  sweepId: string,
  ended: Ended | null,
): Promise<Report> {
  const plan = await getJson<Plan>(store, planKey(sweepId));
  if (plan?.schema !== 'paretoken.plan.v1') throw new SweepDataError('no_plan', planKey(sweepId));
  const kept = await readKept(store, sweepId);
  const [probeReceipt] = await readReceipts(store, sweepId, 0);
  const status = await getJson<{ readonly endedAtEpochMs?: number | null }>(store, statusKey(sweepId));
  return reportOf({
    plan,
    points: kept.filter((point) => point?.schema === 'paretoken.point.v1'),
    probe: kept.find((verdict) => verdict?.schema === 'paretoken.verdict.v1')?.probe ?? null,
    machine: probeReceipt?.machine ?? null,
    ended,
    updatedAtEpochMs: status?.endedAtEpochMs ?? nowEpochMs(),
    pointsUnreadable: kept.filter((point) => point === null).length,
  });
}

/** What is kept of each stage, in order; null for what can't be read. */
async function readKept(store: Store, sweepId: string): Promise<readonly (Point | Verdict | null)[]> {
  const keys = await store.list(pointsPrefix(sweepId));
  return mapAtMost(readsAtOnce, keys, async (key) => {
    try {
      return await getJson<Point | Verdict>(store, key);
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  });
}
