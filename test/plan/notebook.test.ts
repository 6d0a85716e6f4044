import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { estimateOf } from '../../lib/plan/estimate.ts';
import { nextMove } from '../../lib/plan/next-stage.ts';
import { notebookFigures, type PassFigures } from '../../lib/plan/notebook.ts';
import { outputTokensOf, type ParityPass, passes } from '../../lib/plan/pass.ts';
import { play } from './play.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from './sample-plan.ts';

const notebook = { requestsPerStream: 5 };
const pass = (name: ParityPass, medianMs: number | null, output: number | null, input: number | null = 100) =>
  ({ pass: name, requests: 5, ok: 5, medianMs, meanInputTokens: input, meanOutputTokens: output }) as PassFigures;

describe('the notebook’s figures', () => {
  test('ttft = m1; tpot = (m − m½) ÷ (out(n) − out(n/2)); latency = m; throughput = (in + out) × parallel ÷ m', () => {
    const figures = notebookFigures(4, [
      pass('parity_1', 250, 1),
      pass('parity_half', 1200, 5),
      pass('parity_full', 2000, 10, 90),
    ]);
    assert.equal(figures.ttftMs, 250);
    assert.equal(figures.tpotMs, (2000 - 1200) / (10 - 5));
    assert.equal(figures.latencyMs, 2000);
    assert.equal(figures.tokensPerSecond, ((90 + 10) * 4) / 2);
  });
  const cases: readonly { why: string; of: PassFigures[]; nulls: string[] }[] = [
    { why: 'nothing was run', of: [], nulls: ['ttftMs', 'tpotMs', 'latencyMs', 'tokensPerSecond'] },
    {
      why: 'usage is missing: tpot and throughput are null',
      of: [
        pass('parity_1', 250, null, null),
        pass('parity_half', 900, null, null),
        pass('parity_full', 2000, null, null),
      ],
      nulls: ['tpotMs', 'tokensPerSecond'],
    },
    {
      why: 'answers of both lengths came out as long: no time a token',
      of: [pass('parity_1', 250, 1), pass('parity_half', 900, 5), pass('parity_full', 2000, 5)],
      nulls: ['tpotMs'],
    },
    {
      why: 'the half pass is missing',
      of: [pass('parity_1', 250, 1), pass('parity_full', 2000, 10)],
      nulls: ['tpotMs'],
    },
    {
      why: 'not one answer of a token was ok',
      of: [pass('parity_1', null, null), pass('parity_half', 900, 5), pass('parity_full', 2000, 10)],
      nulls: ['ttftMs'],
    },
  ];
  for (const { why, of, nulls } of cases) {
    test(`null where ${why}`, () => {
      const { passes: _, ...figures } = notebookFigures(2, of);
      assert.deepEqual(
        Object.entries(figures).flatMap(([name, value]) => (value === null ? [name] : [])),
        nulls,
      );
    });
  }
});

describe('the passes of a level', () => {
  const plan = samplePlan(sampleSpec({ load: { levels: [1, 2], notebook } }));
  test('run before its streamed stage, level by level; the drift check is streamed', () => {
    const ofLevel = (level: number) => passes.map((name) => `load ${level} ${name}`);
    assert.deepEqual(play(plan).run.slice(1), [...ofLevel(1), ...ofLevel(2), 'drift 1 streamed again']);
  });
  test('ask for 1, ⌊n ÷ 2⌋ and n tokens', () => {
    const asked = (outputTokens: number) =>
      passes.map((name) => outputTokensOf({ cell: { inputTokens: 1, outputTokens }, pass: name }));
    assert.deepEqual(asked(256), [1, 128, 256, 256]);
    assert.deepEqual(asked(7), [1, 3, 7, 7]);
  });
  test('are counted, k a stream, without warm-up, starts 10 ms × stream after each other; the streamed one is ordinary', () => {
    const designs = play(plan).verdicts.map((_, index, all) => nextMove(plan, all.slice(0, index)));
    const [, ...loads] = designs.flatMap((move) => (move.kind === 'stage' ? [move.design] : []));
    for (const { pass: name, level, requestsPerStream, windowMs, warmUpMs, rampMs, workers } of loads.slice(0, 8)) {
      if (name === 'streamed') assert.ok(windowMs !== null && requestsPerStream === null && warmUpMs > 0);
      else assert.deepEqual({ requestsPerStream, windowMs, warmUpMs, rampMs, workers }, counted(level));
    }
  });
  test('only the streamed stage and the pass of whole answers foretell how long answers take', () => {
    const verdicts = [
      sampleProbeVerdict(),
      sampleVerdict({ stage: 1, pass: 'parity_1', p50LatencyMs: 100 }),
      sampleVerdict({ stage: 2, pass: 'parity_half', p50LatencyMs: 400 }),
      sampleVerdict({ stage: 3, pass: 'parity_full', p50LatencyMs: 2000 }),
    ];
    const move = nextMove(plan, verdicts);
    assert.ok(move.kind === 'stage' && move.design.pass === 'streamed');
    assert.equal(move.design.windowMs, 240_000, '120 × 2 s ÷ level 1');
  });
  test('a pass that comes out void, again and again, ends nothing: its figures are shown whatever can be believed', () => {
    const twice = samplePlan(sampleSpec({ load: { levels: [1], repeats: 2, notebook, driftCheck: false } }));
    const { run, ended } = play(twice, ({ pass: name }) =>
      name === 'parity_1' ? { state: 'void', reasons: ['cpu'] } : {},
    );
    assert.equal(run.length, 1 + 2 * 4);
    assert.equal(ended.reason, 'done');
  });
  test('the estimate counts them', () => {
    const estimate = estimateOf(plan, { ...sampleProbeVerdict(), p50LatencyMs: 1000 });
    assert.deepEqual(
      estimate.stages.slice(0, 4).map((stage) => [stage.level, stage.pass]),
      passes.map((name) => [1, name]),
    );
    assert.equal(estimate.stagesRun.most, 9);
  });
});

const counted = (level: number) => ({
  requestsPerStream: 5,
  windowMs: null,
  warmUpMs: 0,
  rampMs: 10 * level,
  workers: 1,
});

describe('notebook_plateau: the notebook’s throughput rose less than 10 % over the level before, a single step', () => {
  /** Throughput of the notebook at each level, by the time of its whole answers. */
  const playWith = (rates: Readonly<Record<number, number | null>>) =>
    play(
      samplePlan(
        sampleSpec({ load: { levels: [1, 2, 4, 8], notebook, stopAt: ['notebook_plateau'], driftCheck: false } }),
      ),
      ({ level, pass: name }) => {
        const rate = rates[level] ?? null;
        if (name !== 'parity_full') return {};
        return { notebookPass: pass(name, rate === null ? null : (110_000 * level) / rate, 10), state: 'void' };
      },
    );
  const levelsOf = (rates: Readonly<Record<number, number | null>>) => {
    const { run, ended } = playWith(rates);
    return { reason: ended.reason, last: run.at(-1), detail: ended.detail };
  };
  const cases = [
    { why: 'it goes on while it rises by 10 %', rates: { 1: 100, 2: 111, 4: 123, 8: 137 }, last: 8, reason: 'done' },
    { why: 'one step below is enough', rates: { 1: 100, 2: 195, 4: 214 }, last: 4, reason: 'plateau' },
    { why: 'falling is no rise', rates: { 1: 100, 2: 90 }, last: 2, reason: 'plateau' },
    {
      why: 'a figure that is missing ends nothing',
      rates: { 1: 100, 2: null, 4: 100, 8: 300 },
      last: 8,
      reason: 'done',
    },
  ];
  for (const { why, rates, last, reason } of cases) {
    test(`${why}; the level’s streamed stage still runs, and validity isn’t asked`, () => {
      const ended = levelsOf(rates);
      assert.equal(ended.last, `load ${last} streamed`);
      assert.equal(ended.reason, reason);
    });
  }
  test('a repeat of a level is no step', () => {
    const load = { levels: [1, 2], repeats: 2, notebook, stopAt: ['notebook_plateau'], driftCheck: false } as const;
    const { run, ended } = play(
      samplePlan(sampleSpec({ load: { ...load, levels: [1, 2], stopAt: ['notebook_plateau'] } })),
      ({ level, pass: name }) => (name === 'parity_full' ? { notebookPass: pass(name, 2000 / level, 10) } : {}),
    );
    assert.equal(run.length, 1 + 2 * 2 * 4);
    assert.equal(ended.reason, 'done');
  });
  test('the end says between which levels', () => {
    assert.match(levelsOf({ 1: 100, 2: 105 }).detail ?? '', /^From 1 to 2 parallel requests the notebook’s throughput/);
  });
});
