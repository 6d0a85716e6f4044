import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import { reasonCauses, reasonNames } from '../../lib/curve/validity.ts';
import { endReasons } from '../../lib/plan/ended.ts';
import { probeWarningTexts } from '../../lib/report/probe-texts.ts';
import type { Report } from '../../lib/report/report.ts';
import { stableJson } from '../../lib/report/stable-json.ts';
import { reportKey } from '../../lib/store/key-layout.ts';
import { outcomes } from '../../lib/timing/outcome.ts';
import { smallStage, storedSweep } from '../aggregator/stored-sweep.ts';
import { itemsOf, type JsonSchema } from '../docs/json-schema.ts';
import { reportSchema } from '../docs/made-parts.ts';
import { drawLast } from './draw-last.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

/** The schema with every object closed to fields that it does not name. */
function closed(schema: JsonSchema): JsonSchema {
  const inner = JSON.parse(JSON.stringify(schema), (_, value: JsonSchema) =>
    value?.properties && value.additionalProperties === undefined ? { ...value, additionalProperties: false } : value,
  ) as JsonSchema;
  return inner;
}

const checker = (schema: JsonSchema) => z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
const asPublished = checker(reportSchema);
const exact = checker(closed(reportSchema));

const written = (report: Report): unknown => JSON.parse(stableJson(report));

function faults(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('docs/report.schema.json', () => {
  for (const [name, build] of Object.entries(variants)) {
    it(`holds for a report and names all of its fields: ${name}`, () => {
      assert.deepEqual(faults(exact, written(build())), []);
    });
  }

  it('holds for report.json as a sweep leaves it', async () => {
    const store = await storedSweep(smallStage(1), smallStage(2, 8));
    const aggregator = storeAggregator({ store, nowEpochMs: () => 2_000_000, draw: drawLast });
    for (const stage of [0, 1, 2]) await aggregator.aggregate('test', stage);
    await aggregator.conclude('test', { reason: 'done', detail: null });
    const bytes = await store.get(reportKey('test', 'report.json'));
    const report = JSON.parse(new TextDecoder().decode(bytes ?? undefined)) as Report;
    assert.equal(report.points.length, 2);
    assert.deepEqual(faults(exact, report), []);
  });

  const report = sampleReport();
  const [point] = report.points;
  assert.ok(point);
  const withPoint = (change: object) => ({ ...report, points: [{ ...point, ...change }] });
  const refused: { why: string; report: object; at: string }[] = [
    { why: 'another format', report: { ...report, schema: 'paretoken.report.v2' }, at: 'schema' },
    { why: 'no points at all', report: { ...report, points: undefined }, at: 'points' },
    { why: 'a time as a text', report: { ...report, startedAtEpochMs: '2026-05-04' }, at: 'startedAtEpochMs' },
    { why: 'a level of half a request', report: withPoint({ level: 1.5 }), at: 'points.0.level' },
    { why: 'a share in percent', report: withPoint({ errorShare: 3 }), at: 'points.0.errorShare' },
    { why: 'a slice too few', report: withPoint({ slices: point.slices.slice(1) }), at: 'points.0.slices' },
    {
      why: 'an interval with a middle',
      report: withPoint({ outputTokensPerSecond: { value: 2, ci: [1, 2, 3] } }),
      at: 'points.0.outputTokensPerSecond.ci',
    },
    {
      why: 'not_reached where failures are left out',
      report: withPoint({ ttftMs: { ...point.ttftMs, p50: 'not_reached' } }),
      at: 'points.0.ttftMs.p50',
    },
    {
      why: 'a reason that nobody has',
      report: withPoint({
        validity: { state: 'void', reasons: [{ name: 'bad_luck', state: 'void', measured: null, limit: null }] },
      }),
      at: 'points.0.validity.reasons.0.name',
    },
    {
      why: 'ended in a way that there is not',
      report: { ...report, ended: { reason: 'bored', detail: null } },
      at: 'ended',
    },
  ];
  for (const { why, report: wrong, at } of refused) {
    it(`refuses ${why}`, () => {
      const found = faults(asPublished, JSON.parse(JSON.stringify(wrong)));
      assert.ok(
        found.some((fault) => fault.startsWith(at)),
        `expected a fault at ${at}, found: ${found.join('; ')}`,
      );
    });
  }

  it('lets fields pass that a later version adds', () => {
    assert.deepEqual(faults(asPublished, { ...report, fromTomorrow: 1 }), []);
    assert.notDeepEqual(faults(exact, { ...report, fromTomorrow: 1 }), []);
  });

  const definition = (name: string, field: string) => reportSchema.$defs?.[name]?.properties?.[field];
  const lists: { of: string; told: readonly unknown[] | undefined; known: readonly unknown[] }[] = [
    { of: 'reasons of validity', told: definition('reason', 'name')?.enum, known: reasonNames },
    { of: 'causes of reasons', told: definition('reason', 'cause')?.enum, known: [...reasonCauses, null] },
    { of: 'ends of a sweep', told: definition('ended', 'reason')?.enum, known: endReasons },
    {
      of: 'failed outcomes',
      told: Object.keys(reportSchema.$defs?.['errors']?.properties ?? {}),
      known: outcomes.filter((outcome) => outcome !== 'ok'),
    },
    {
      of: 'doubts of the probe',
      told: itemsOf(definition('probe', 'warnings') ?? {}).enum,
      known: Object.keys(probeWarningTexts),
    },
  ];
  for (const { of, told, known } of lists) {
    it(`knows all ${of}`, () => assert.deepEqual([...(told ?? [])].sort(), [...known].sort()));
  }
});
