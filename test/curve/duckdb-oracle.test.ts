import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type MetricName, metricNames } from '../../lib/curve/measured.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { percentileName, percents } from '../../lib/curve/quantile.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { joinStageColumns, readStageColumns } from '../../lib/record/stage-columns.ts';
import { queryRecords } from '../record/duckdb.ts';
import { type Sample, sample } from './sample-stage.ts';

/** The metrics once more, in SQL, by the definitions in docs/metrics.md. */
const definitions: Record<MetricName, string> = {
  ttftMs: 'if(streamed and not buffered, (firstTokenUs - sentUs) / 1000, null)',
  ttfoMs: 'if(streamed and not buffered, (firstVisibleTokenUs - sentUs) / 1000, null)',
  tpotMs: `if(streamed and not buffered and streamedTokens >= 2 and tokenReads >= 2,
           (lastTokenUs - firstTokenUs) / 1000 / (streamedTokens - 1), null)`,
  latencyMs: '(if(streamed, lastTokenUs, endUs) - sentUs) / 1000',
  latencyFromDueMs: '(if(streamed, lastTokenUs, endUs) - dueUs) / 1000',
  tokensPerSecondPerUser: '1000 / tpotMs',
};

const measured = metricNames.map((name) => `${definitions[name]} as ${name}`).join(', ');
const cohort = `from (select *, ${measured} from records) where phase = 'cohort'`;
const figures = metricNames.flatMap((name) => [
  `count(${name}) as ${name}_samples`,
  `avg(${name}) as ${name}_mean`,
  `max(${name}) as ${name}_max`,
  `quantile_cont(${name}, 0.025) as ${name}_step`,
  ...percents.map((percent) => `quantile_cont(${name}, ${percent / 100}) as ${name}_${percentileName[percent]}`),
]);

/** Some answers that were not streamed, some buffered, some whose tokens nobody knows, some hidden reasoning. */
function mixed({ records, ...rest }: Sample): Sample {
  const varied = records.map((record, place) => {
    if (record.outcome !== 'ok') return record;
    if (place % 7 === 0)
      return { ...record, streamed: false, firstTokenUs: null, firstVisibleTokenUs: null, lastTokenUs: null };
    if (place % 11 === 0) return { ...record, buffered: true };
    if (place % 13 === 0) return { ...record, streamedTokens: null, windowTokens: null, windowTokensBySlice: null };
    return place % 17 === 0 ? { ...record, firstVisibleTokenUs: record.lastTokenUs } : record;
  });
  return { ...rest, records: varied };
}

/** The records in files of 150, as workers store them. */
function filesOf({ records }: Sample): Uint8Array[] {
  const parts = Array.from({ length: Math.ceil(records.length / 150) }, (_, part) =>
    records.slice(part * 150, (part + 1) * 150),
  );
  return parts.map(encodeRecords);
}

describe('DuckDB finds the same in the stored records', () => {
  const stages = {
    'a stage of every kind of answer': mixed(
      sample({ seed: 'oracle', design: { level: 16, workers: 3 }, failureShare: 0.03 }),
    ),
    'a stage with most requests failed': sample({ seed: 'errors', design: { level: 4 }, failureShare: 0.8 }),
  };
  for (const [name, stage] of Object.entries(stages)) {
    it(`${name}: every percentile, mean, count and sum`, async () => {
      const files = filesOf(stage);
      const columns = joinStageColumns(await Promise.all(files.map(readStageColumns)));
      const point = pointOf({ stage: stage.stage, receipts: stage.receipts, columns, partsUnreadable: 0 });
      const [row = {}] = await queryRecords(files, `select ${figures.join(', ')} ${cohort} and outcome = 'ok'`);
      for (const metric of metricNames) {
        const { samples, mean, max, quantiles, ...found } = point[metric];
        assert.equal(samples, Number(row[`${metric}_samples`]));
        near(mean, row[`${metric}_mean`], `${metric} mean`);
        near(max, row[`${metric}_max`], `${metric} max`);
        if (quantiles !== null) near(quantiles[1] ?? null, row[`${metric}_step`], `${metric} at 2.5 %`);
        for (const percent of percents) {
          const shown = samples >= 5 / (1 - percent / 100) - 1e-9;
          const expected = shown ? row[`${metric}_${percentileName[percent]}`] : null;
          near(found[percentileName[percent]], expected, `${metric} ${percentileName[percent]}`);
        }
      }
      await sameCounts(point, files);
      await sameSums(point, files, stage);
    });
  }
});

type Point = ReturnType<typeof pointOf>;

async function sameCounts(point: Point, files: readonly Uint8Array[]): Promise<void> {
  const rows = await queryRecords(files, `select outcome, count(*) as n ${cohort} group by outcome`);
  const counts = Object.fromEntries(rows.map(({ outcome, n }) => [String(outcome), Number(n)]));
  assert.deepEqual({ ...point.errors, ok: point.ok }, { ok: 0, ...counts });
  assert.equal(
    point.requests,
    Object.values(counts).reduce((sum, n) => sum + n, 0),
  );
  const [share = {}] = await queryRecords(
    files,
    `select avg(if(outcome = 'ok', 0, 1)) as errors ${cohort} and outcome <> 'cancelled'`,
  );
  near(point.errorShare, share['errors'], 'error share');
}

async function sameSums(point: Point, files: readonly Uint8Array[], { stage }: Sample): Promise<void> {
  const [fromUs, toUs] = [stage.warmUpMs * 1000, (stage.warmUpMs + (stage.windowMs ?? 0)) * 1000];
  const within = (us: string) => `${us} >= ${fromUs} and ${us} < ${toUs}`;
  const inputUs = `if(streamed, firstTokenUs, if(outcome = 'ok', endUs, null))`;
  const [row = {}] = await queryRecords(
    files,
    `select sum(windowTokens) as output, sum(if(${within(inputUs)}, inputTokens, 0)) as input,
       count(*) filter (outcome = 'ok' and ${within('endUs')}) as ended,
       avg(inputTokens) filter (phase = 'cohort' and outcome = 'ok') as mean_input,
       avg(outputTokens) filter (phase = 'cohort' and outcome = 'ok') as mean_output,
       quantile_cont((sentUs - dueUs) / 1000, 0.99) filter (${within('dueUs')} or ${within('sentUs')}) as lag,
       sum(greatest(0, least(settledUs, ${toUs}) - greatest(sentUs, ${fromUs}))) / ${toUs - fromUs} as in_flight
     from records`,
  );
  const seconds = (stage.windowMs ?? 0) / 1000;
  near(point.outputTokensPerSecond.value, Number(row['output']) / seconds, 'output tokens');
  near(point.totalTokensPerSecond.value, (Number(row['output']) + Number(row['input'])) / seconds, 'total tokens');
  near(point.requestsPerSecond.value, Number(row['ended']) / seconds, 'requests');
  near(point.meanInputTokens, row['mean_input'], 'mean input');
  near(point.meanOutputTokens, row['mean_output'], 'mean output');
  near(point.client.sendLagP99Ms, row['lag'], 'send lag');
  near(point.client.loadHeld, Number(row['in_flight']) / stage.level, 'load held');
}

function near(found: number | null, expected: unknown, what: string): void {
  if (expected === null) assert.equal(found, null, what);
  else
    assert.ok(
      Math.abs((found ?? Number.NaN) - Number(expected)) <= 1e-9 * Math.max(1, Number(expected)),
      `${what}: ${found} instead of ${expected}`,
    );
}
