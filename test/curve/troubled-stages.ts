import type { Receipt } from '../../lib/record/receipt.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { receiptsOf, type Sample } from './sample-stage.ts';
import { changeCohort, changeReceipts, steadyStage } from './steady-stage.ts';

export const steady = steadyStage();
export const crew = steadyStage({ level: 40, workers: 20, windowMs: 4000 });

export const health = (values: Partial<Receipt['health']>) =>
  changeReceipts(steady, (receipt) => ({ health: { ...receipt.health, ...values } }));
export const delay = (p99: number) => health({ eventLoopDelayMs: { p50: 0, p99, max: p99 } });
export const gauge = (factor: number) =>
  changeReceipts(steady, ({ inFlightSecondsBySlice }) => ({
    inFlightSecondsBySlice: inFlightSecondsBySlice.map((seconds) => seconds * factor),
  }));
export const cohort = (count: number, change: Partial<RequestRecord>) => changeCohort(steady, count, change);
export const all = (change: (record: RequestRecord) => Partial<RequestRecord>): Sample => ({
  ...steady,
  records: steady.records.map((record) => ({ ...record, ...change(record) })),
});
export const lag = (ms: number) => all(({ dueUs, phase }) => (phase === 'cohort' ? { dueUs: dueUs - ms * 1000 } : {}));
export const wallAhead = (ms: number) =>
  changeReceipts(steady, ({ anchors }) => ({ anchors: { ...anchors, endEpochMs: anchors.endEpochMs + ms } }));
export const without = (dropped: (record: RequestRecord) => boolean): Sample => ({
  ...steady,
  records: steady.records.filter((record) => !dropped(record)),
});
export const cohortOf = (count: number) => {
  let kept = 0;
  return without(({ phase }) => phase === 'cohort' && kept++ >= count);
};
/** The last stream stops `answers` before the end of the window; the gauge sees it too. */
export const streamStops = (answers: number): Sample => {
  const stopped = without(({ stream, ordinal }) => stream === 3 && ordinal >= 110 - answers);
  return { ...stopped, receipts: receiptsOf(stopped.stage, stopped.records) };
};
export const crewWith = (count: number, change: Partial<Receipt> | null): Sample => ({
  ...crew,
  receipts: crew.receipts.flatMap((receipt) =>
    receipt.worker >= count ? receipt : change ? { ...receipt, ...change } : [],
  ),
});
export const secondHalf = (factor: number) =>
  all(({ dueUs, windowTokens, windowTokensBySlice }) => {
    const grow = dueUs >= 12_000_000 ? factor : 1;
    const slices = windowTokensBySlice?.map((tokens) => tokens * grow) ?? null;
    return { windowTokens: (windowTokens ?? 0) * grow, windowTokensBySlice: slices };
  });
export const slowerHalf = (ms: number) =>
  all(({ dueUs, lastTokenUs }) => (dueUs >= 12_000_000 ? { lastTokenUs: (lastTokenUs ?? 0) - ms * 1000 } : {}));
export const endedAt = (ms: number, state: Receipt['state'], among: (worker: number) => boolean) =>
  changeReceipts(crew, ({ worker, anchors }) =>
    among(worker)
      ? {
          state,
          anchors: { ...anchors, endEpochMs: anchors.startEpochMs + ms + 1000, endMonotonicUs: (ms + 1000) * 1000 },
        }
      : {},
  );

/** Answers of 20 ms, each sent so long after it was due. */
export const quickWithLag = (ms: number) =>
  all(({ sentUs, dueUs, phase }) => {
    const answeredUs = (sentUs ?? 0) + 20_000;
    return {
      ...(phase === 'cohort' ? { dueUs: dueUs - ms * 1000 } : {}),
      ...{ headersUs: null, firstEventUs: null, firstVisibleTokenUs: null },
      ...{ firstTokenUs: answeredUs, lastTokenUs: answeredUs, endUs: answeredUs, settledUs: answeredUs },
    };
  });

/** Four streams of so many workers; of every hundred requests of the first, so many are 15 ms late. */
export const sickWorker = (workers: number, late: number): Sample => {
  const crew = steadyStage({ level: workers * 2, workers });
  let own = 0;
  const each = 100 / late;
  const records = crew.records.map((record) =>
    record.worker === 0 && record.phase === 'cohort' && own++ % each < 1
      ? { ...record, dueUs: record.dueUs - 15_000 }
      : record,
  );
  return {
    ...crew,
    records: workers > 2 ? records.filter(({ worker, ordinal }) => worker > 0 || ordinal < 50) : records,
  };
};

/** A stream stops early, and of the others so many requests left no record. */
export const missingToo = (answers: number, missing: number): Sample => {
  const stopped = streamStops(answers);
  let dropped = 0;
  const records = stopped.records.filter(
    ({ phase, stream }) => phase !== 'cohort' || stream > 0 || dropped++ >= missing,
  );
  return { ...stopped, records };
};
export const stoppedEarly = (sample: Sample) =>
  changeReceipts(sample, ({ anchors }) => ({
    state: 'stopped',
    anchors: { ...anchors, endEpochMs: anchors.startEpochMs + 16_000, endMonotonicUs: 16_000_000 },
  }));

export const withGauge = (sample: Sample): Sample => ({
  ...sample,
  receipts: receiptsOf(sample.stage, sample.records).map((receipt, worker) => ({
    ...receipt,
    pausedSeconds: sample.receipts[worker]?.pausedSeconds ?? 0,
  })),
});
export const pausing = (sample: Sample, seconds = 20) => changeReceipts(sample, () => ({ pausedSeconds: seconds }));
/** So many of the workers are lost, with all that they sent. */
export const crewLost = (count: number): Sample => ({
  ...crew,
  records: crew.records.filter(({ worker }) => worker >= count),
  receipts: crew.receipts.filter(({ worker }) => worker >= count),
});
/** The first request of the cohort ends in another way. */
export const mixed = (sample: Sample, ending: Partial<RequestRecord>): Sample =>
  changeCohort(sample, 1, { outcomeDetail: null, ...ending });

export const refused: Partial<RequestRecord> = { outcome: 'http_error' };
export const cut: Partial<RequestRecord> = { outcome: 'timeout', outcomeDetail: 'drain' };
export const silent: Partial<RequestRecord> = { streamedTokens: null };

/** Two tokens, 160 ms apart. */
export function slowTokens(delayMs: number): Sample {
  return {
    ...delay(delayMs),
    records: all(({ lastTokenUs }) => ({
      streamedTokens: 2,
      firstTokenUs: (lastTokenUs ?? 0) - 160_000,
      headersUs: null,
      firstEventUs: null,
      firstVisibleTokenUs: null,
    })).records,
  };
}
