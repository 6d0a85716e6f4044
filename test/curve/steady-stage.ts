import { shareOf } from '../../lib/plan/share.ts';
import type { StageDesign } from '../../lib/plan/stage.ts';
import type { Receipt } from '../../lib/record/receipt.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { answer, phaseOf, receiptsOf, type Sample, sampleStage } from './sample-stage.ts';

const answerMs = 200;

/**
 * A stage without a flaw: four streams (of one worker), each answer takes 200 ms and the next is sent at once, so that the
 * window of 20 s has a cohort of 400, five tokens each, and four requests are in flight all the time.
 */
export function steadyStage(design: Partial<StageDesign> = {}): Sample {
  const stage = sampleStage(design);
  const rounds = (stage.warmUpMs + (stage.windowMs ?? 0)) / answerMs;
  const records = Array.from({ length: stage.workers }, (_, worker) => worker).flatMap((worker) => {
    const { first, count } = shareOf(stage.level, worker, stage.workers);
    return Array.from({ length: count * rounds }, (_, place): RequestRecord => {
      const dueUs = (place % rounds) * answerMs * 1000;
      const stream = first + Math.floor(place / rounds);
      const phase = phaseOf(stage, dueUs);
      const made = answer(stage, {
        worker,
        stream,
        ordinal: place % rounds,
        dueUs,
        phase,
        took: answerMs * 1000,
        tokens: 5,
      });
      return {
        ...made,
        sentUs: dueUs,
        lastTokenUs: dueUs + 190_000,
        endUs: dueUs + 200_000,
        settledUs: dueUs + 200_000,
      };
    });
  });
  return { stage, records, receipts: receiptsOf(stage, records) };
}

/** The sample with the first `count` requests of its cohort changed. */
export function changeCohort(sample: Sample, count: number, change: Partial<RequestRecord>): Sample {
  let changed = 0;
  const records = sample.records.map((record) =>
    record.phase === 'cohort' && changed++ < count ? { ...record, ...change } : record,
  );
  return { ...sample, records };
}

/** The sample with every receipt changed. */
export function changeReceipts(sample: Sample, change: (receipt: Receipt) => Partial<Receipt>): Sample {
  return { ...sample, receipts: sample.receipts.map((receipt) => ({ ...receipt, ...change(receipt) })) };
}
