import { reduceStage } from '../curve/pool.ts';
import { usageOf } from '../curve/usage.ts';
import { probeVerdictOf, verdictOf } from '../curve/verdict.ts';
import type { Ended } from '../plan/ended.ts';
import type { Plan } from '../plan/plan.ts';
import { type Stage, tookMs } from '../plan/stage.ts';
import type { Verdict } from '../plan/verdict.ts';
import { wholePlan } from '../plan/whole-plan.ts';
import type { Report } from '../report/report.ts';
import { reportFiles } from '../report/report-files.ts';
import { summaryOf } from '../report/summary.ts';
import { getJson, jsonText } from '../store/json.ts';
import { planKey, pointKey, type ReportFile, reportKey, statusKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { Aggregator } from './aggregator.ts';
import { readKept } from './kept.ts';
import { readEarlierRuns, readReceipts, readStage } from './read-stage.ts';
import { reportOf } from './report-of.ts';
import { SweepDataError } from './sweep-data-error.ts';

export interface StoreAggregatorOptions {
  readonly store: Store;
  readonly nowEpochMs: () => number;
  /** Draws the files of a report. */
  readonly draw?: (report: Report) => Promise<ReadonlyMap<ReportFile, string>>;
}

export interface StoreAggregator extends Aggregator {
  /**
   * Draws the report again from what is stored, ended as the sweep's status says.
   * @param cutOff how it ended where its status can't say so
   */
  redraw(sweepId: string, cutOff?: Ended | null): Promise<Report>;
}

/**
 * Reduces stages where they rest. Of each stage its point is kept, of the probe its verdict, and every report is drawn
 * from what is kept: records are read once, and once more when their level is run again.
 */
export function storeAggregator({ store, nowEpochMs, draw = reportFiles }: StoreAggregatorOptions): StoreAggregator {
  const redrawn = async (sweepId: string, ended: Ended | null) => {
    const report = await assembleReport({ store, nowEpochMs }, sweepId, ended);
    for (const [file, text] of await draw(report)) await store.put(reportKey(sweepId, file), text);
    return report;
  };
  return {
    async aggregate(sweepId, stage) {
      const reduced = await aggregateStage(store, sweepId, stage);
      // The sweep goes on without this drawing; the last one is not forgiven.
      await redrawn(sweepId, null).catch(() => undefined);
      return { ...reduced.verdict, tookMs: tookMs(reduced.stage, nowEpochMs()) };
    },
    conclude: async (sweepId, ended) => summaryOf(await redrawn(sweepId, ended)),
    async redraw(sweepId, cutOff = null) {
      const status = await getJson<{ readonly ended?: Ended | null }>(store, statusKey(sweepId));
      return redrawn(sweepId, status?.ended ?? cutOff);
    },
  };
}

interface ReducedStage {
  readonly verdict: Verdict;
  readonly stage: Stage;
}

async function aggregateStage(store: Store, sweepId: string, ordinal: number): Promise<ReducedStage> {
  const data = await readStage(store, sweepId, ordinal);
  if (data.stage.kind === 'probe') {
    const usage = usageOf(data.columns, data.receipts);
    const verdict = { ...probeVerdictOf(data.stage, data.receipts[0] ?? null), usage };
    await store.put(pointKey(sweepId, ordinal), jsonText(verdict));
    return { verdict, stage: data.stage };
  }
  const plan = await getJson<Plan>(store, planKey(sweepId));
  if (plan?.schema !== 'paretoken.plan.v1') throw new SweepDataError('no_plan', planKey(sweepId));
  const reduced = reduceStage(data, await readEarlierRuns(store, sweepId, data.stage), plan.spec.slo);
  await store.put(pointKey(sweepId, ordinal), jsonText(reduced.point));
  const ranOutOf = data.receipts.find((receipt) => receipt.ranOutOf)?.ranOutOf ?? null;
  return { verdict: { ...verdictOf(reduced), ranOutOf }, stage: data.stage };
}

async function assembleReport(
  { store, nowEpochMs }: Pick<StoreAggregatorOptions, 'store' | 'nowEpochMs'>,
  sweepId: string,
  ended: Ended | null,
): Promise<Report> {
  const plan = await getJson<Plan>(store, planKey(sweepId));
  if (plan?.schema !== 'paretoken.plan.v1') throw new SweepDataError('no_plan', planKey(sweepId));
  const { points, probe, probeUsage, unreadable } = await readKept(store, sweepId);
  const [probeReceipt] = await readReceipts(store, sweepId, probe?.stage ?? 0);
  const status = await getJson<{ readonly endedAtEpochMs?: number | null }>(store, statusKey(sweepId));
  return reportOf({
    plan: wholePlan(plan),
    points,
    probe: probe?.probe ?? null,
    probeUsage,
    // A receipt may be of a version that names no region.
    machine: probeReceipt ? { ...probeReceipt.machine, region: probeReceipt.machine.region ?? null } : null,
    ended,
    updatedAtEpochMs: status?.endedAtEpochMs ?? nowEpochMs(),
    pointsUnreadable: unreadable,
  });
}
