import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { cellOf } from '../../lib/plan/cell.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import { inputKey } from '../../lib/store/key-layout.ts';
import { factsOf, parseRows } from '../../lib/workload/rows.ts';
import type { MemoryStore } from '../store/memory-store.ts';
import { steadyServer } from '../worker/run-virtually.ts';
import { virtualSweep } from './virtual-sweep.ts';

const mock = { model: { ...steadyServer, slots: 64, prefillBaseMs: 150, prefillPerTokenMs: 0.1 }, seed: 1 };
const specOf = (workload: string) =>
  parseSpec(`target: {url: http://mock/v1, model: mock}
workload: ${workload}
load: {levels: [8], driftCheck: false}
stage: {warmUp: 500ms, measure: 4s, drain: 5s}
fleet: {streamsPerWorker: 2}
`);

describe('a sweep whose requests differ in length', () => {
  test('the cell is the mean of what is asked, and every request is held to its own length', async () => {
    const spec = specOf(
      '{inputTokens: {lognormal: {mean: 200, deviation: 100, max: 2000}}, outputTokens: {uniform: {min: 1, max: 9}}}',
    );
    const { report, journal } = await virtualSweep({ spec, mock });
    for (const point of report.points) {
      assert.deepEqual(point.cell, cellOf(spec.workload));
      assert.equal(point.validity.state, 'ok', JSON.stringify(point.validity.reasons));
      assert.ok(Math.abs((point.meanInputTokens ?? 0) / point.cell.inputTokens - 1) < 0.1, `${point.meanInputTokens}`);
      assert.ok(Math.abs((point.meanOutputTokens ?? 0) / 5 - 1) < 0.15, `${point.meanOutputTokens}`);
    }
    const lengths = new Set(journal.map(({ inputTokens }) => inputTokens));
    assert.ok(lengths.size > 100, `${lengths.size} different lengths`);
  });

  test('four workers draw what one would: a stream’s lengths do not depend on who carries it', async () => {
    const spec = specOf('{inputTokens: {normal: {mean: 100, deviation: 30}}, outputTokens: 5}');
    const lengthsBy = async (streamsPerWorker: number) => {
      const fleet = { ...spec.fleet, streamsPerWorker };
      const { journal } = await virtualSweep({ spec: { ...spec, fleet }, mock });
      const level = journal.filter(({ requestId }) => requestId.startsWith('s0001-'));
      return new Map(level.map(({ requestId, inputTokens }) => [requestId.replace(/-w\d+/, ''), inputTokens]));
    };
    const [alone, shared] = [await lengthsBy(8), await lengthsBy(2)];
    assert.ok(shared.size > 100, `${shared.size} requests`);
    for (const [request, tokens] of shared) assert.equal(tokens, alone.get(request) ?? tokens, request);
  });
});

const chats = Array.from({ length: 20 }, (_, index) => ({
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: Array.from({ length: 10 + index }, () => 'word').join(' ') },
  ],
  ...(index % 2 === 0 ? { max_tokens: 4 } : {}),
}));
const text = chats.map((chat) => JSON.stringify(chat)).join('\n');
const bytes = new TextEncoder().encode(text);
const sha256 = createHash('sha256').update(bytes).digest('hex');

function withFile(workload: string): Spec {
  const spec = specOf(workload);
  const parsed = parseRows(bytes, spec.workload);
  assert.ok('rows' in parsed);
  const file = { name: 'chats.jsonl', sha256, ...factsOf(parsed.rows, spec.workload) };
  return { ...spec, workload: { ...spec.workload, file } };
}

describe('a sweep of a file', () => {
  const spec = withFile('{file: chats.jsonl, outputTokens: 8}');
  const stored = (store: MemoryStore) => store.put(inputKey('virtual', sha256), bytes);

  test('workers take its rows from the store; each chat is sent as it is, with its own limit', async () => {
    const { report, journal } = await virtualSweep({ spec, mock, prepare: stored });
    assert.equal(report.ended?.reason, 'done');
    const answered = journal.filter(({ ending }) => ending === 'finished');
    const seen = new Map(answered.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]));
    assert.deepEqual(
      [...seen.keys()].sort((a, b) => Number(a) - Number(b)),
      chats.map((_, index) => 12 + index),
    );
    for (const [words, tokens] of seen) assert.equal(tokens, Number(words) % 2 === 0 ? 4 : 8, `${words} words`);
    const [point] = report.points;
    assert.equal(point?.validity.state, 'ok', 'nobody asked for a length that could be missed');
    assert.ok(report.probe?.ok);
  });

  test('rows of lengths alone: synthetic prompts of these lengths, which are checked', async () => {
    const columns = specOf('{file: log.jsonl, inputTokens: {column: in}, outputTokens: {column: out}}');
    const log = new TextEncoder().encode('{"in": 40, "out": 3}\n{"in": 90, "out": 6}\n');
    const sha = createHash('sha256').update(log).digest('hex');
    const parsed = parseRows(log, columns.workload);
    assert.ok('rows' in parsed);
    const file = { name: 'log.jsonl', sha256: sha, ...factsOf(parsed.rows, columns.workload) };
    const { report, journal } = await virtualSweep({
      spec: { ...columns, workload: { ...columns.workload, file } },
      mock,
      prepare: (store) => store.put(inputKey('virtual', sha), log),
    });
    const pairs = new Set(journal.map(({ inputTokens, outputTokens }) => `${inputTokens} ${outputTokens}`));
    assert.ok(pairs.has('40 3') && pairs.has('90 6') && !pairs.has('40 6'), [...pairs].join(', '));
    assert.deepEqual(report.points[0]?.cell, { inputTokens: 65, outputTokens: 5 });
    assert.equal(report.points[0]?.validity.state, 'ok', JSON.stringify(report.points[0]?.validity));
  });

  const spoilt: readonly { why: string; prepare(store: MemoryStore): Promise<unknown> }[] = [
    { why: 'the file is not there', prepare: async () => undefined },
    {
      why: 'it is another file',
      prepare: (store) => store.put(inputKey('virtual', sha256), `${text}\n{"prompt": "x"}`),
    },
  ];
  for (const { why, prepare } of spoilt) {
    test(`${why}: nothing is sent`, async () => {
      const { report, journal } = await virtualSweep({ spec, mock, prepare });
      assert.equal(report.ended?.reason, 'probe_failed');
      assert.equal(journal.length, 0);
    });
  }
});
