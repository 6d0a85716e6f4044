import { type StoreAggregator, storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { Report } from '../../lib/report/report.ts';
import { summaryOf } from '../../lib/report/summary.ts';
import type { ReportFile } from '../../lib/store/key-layout.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Clock } from '../../lib/timing/clock.ts';

/** The aggregator, drawing the files for programs alone: charts and pages take most of the time and are tested elsewhere. */
export function plainAggregator(store: Store, clock: Pick<Clock, 'nowEpochMs'>): StoreAggregator {
  return storeAggregator({ store, nowEpochMs: clock.nowEpochMs, draw: drawData });
}

async function drawData(report: Report): Promise<ReadonlyMap<ReportFile, string>> {
  return new Map<ReportFile, string>([
    ['report.json', JSON.stringify(report)],
    ['summary.json', JSON.stringify(summaryOf(report))],
  ]);
}
