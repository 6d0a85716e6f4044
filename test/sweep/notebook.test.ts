import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import type { Report } from '../../lib/report/report.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { runAssignment } from '../../lib/worker/run-assignment.ts';
import { steadyServer } from '../worker/run-virtually.ts';
import { virtualSweep } from './virtual-sweep.ts';

const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 10, exact: true}
load: {levels: [1, 4], notebook: {}, driftCheck: false}
stage: {warmUp: 1s, measure: 20s, drain: 2s}
`);

/** 35 ms to the first token, 10 ms to each further one, at every level. */
const answerMs = (tokens: number) => 35 + 10 * (tokens - 1);

describe('a sweep in the passes of Databricks’ notebook, on an endpoint of known times', () => {
  const swept = virtualSweep({ spec, mock: { model: steadyServer, seed: 1 } });
  const figuresOf = (report: Report, level: number) =>
    report.points.find((point) => point.level === level)?.notebook ?? null;

  test('parity figures equal those worked out by hand', async () => {
    const { report } = await swept;
    for (const level of [1, 4]) {
      const figures = figuresOf(report, level);
      near(figures?.ttftMs, answerMs(1));
      near(figures?.tpotMs, (answerMs(10) - answerMs(5)) / (10 - 5));
      near(figures?.latencyMs, answerMs(10));
      near(figures?.tokensPerSecond, ((20 + 10) * level * 1000) / answerMs(10));
    }
  });
  test('beside them the streamed stage’s own: the true TTFT and TPOT, on the curve', async () => {
    const { report } = await swept;
    assert.deepEqual(
      report.points.map(({ level, pass }) => [level, pass]),
      [
        [1, 'streamed'],
        [4, 'streamed'],
      ],
    );
    for (const point of report.points) {
      near(point.ttftMs.p50, 35);
      near(point.tpotMs.p50, 10);
      assert.notEqual(point.validity.state, 'void');
    }
  });
  test('each pass is counted, k = 5 a stream, of 1, n ÷ 2 and n tokens; shown with its counts, exempt from few_samples', async () => {
    const { report, events } = await swept;
    for (const level of [1, 4]) {
      const asked = figuresOf(report, level)?.passes.map((pass) => [pass.pass, pass.ok, pass.meanOutputTokens]);
      assert.deepEqual(asked, [
        ['parity_1', 5 * level, 1],
        ['parity_half', 5 * level, 5],
        ['parity_full', 5 * level, 10],
      ]);
    }
    const parity = events.flatMap((event) =>
      event.kind === 'stage_ended' && event.verdict.notebookPass ? [event] : [],
    );
    assert.equal(parity.length, 6);
    for (const { verdict } of parity) assert.ok(!verdict.reasons.includes('few_samples'), verdict.reasons.join());
  });
  test('its requests are not streamed, start 10 ms × stream after each other, and every request asks for what its pass says', async () => {
    const { events, journal } = await swept;
    const full = events.find(
      (event) => event.kind === 'stage_ended' && event.stage.pass === 'parity_full' && event.stage.level === 4,
    );
    assert.ok(full?.kind === 'stage_ended');
    const sent = journal.filter(({ requestId }) =>
      requestId.startsWith(`s${String(full.stage.stage).padStart(4, '0')}`),
    );
    assert.equal(sent.length >= 20, true);
    const firsts = sent
      .filter(({ requestId }) => requestId.endsWith('-0'))
      .map(({ arrivalUs }) => arrivalUs)
      .sort((a, b) => a - b);
    const gaps = firsts.slice(1).map((us, index) => us - (firsts[index] ?? 0));
    for (const gap of gaps) near(gap, 10_000);
  });
  test('validated first with ten queries whose prompts the endpoint counts as asked', async () => {
    const { report } = await swept;
    assert.equal(report.probe?.latenciesMs.length, 10);
    assert.equal(report.probe?.promptTokens, 20);
  });
});

test('an endpoint that fails the passes: the sweep ends by errors, and the report tells what was said of them', async () => {
  let asked = 0;
  const { report } = await virtualSweep({
    spec: parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 10}
load: {levels: [1], notebook: {}, driftCheck: false}
`),
    mock: { model: steadyServer, seed: 1 },
    work(assignment, ports) {
      const { target, stage } = assignment;
      const failing = { ...target, headers: { 'x-mock-fault': 'hostile_error' } };
      asked += stage.pass === null ? 0 : 1;
      return runAssignment(stage.pass === null ? assignment : { ...assignment, target: failing }, ports);
    },
  });
  assert.equal(asked, 1);
  assert.equal(report.ended?.reason, 'error_rate');
  assert.deepEqual(report.points, []);
  const [level] = report.notebook;
  const [pass] = level?.figures.passes ?? [];
  assert.deepEqual([pass?.pass, pass?.ok, pass?.requests], ['parity_1', 0, 5]);
  assert.equal(pass?.messages[0]?.outcome, 'http_error');
  assert.match(
    reportMarkdown(report),
    /answers of one token: none was ok, 0 of 5 ok, tokens unknown; 5 × http_error: `/,
  );
});

function near(value: number | null | undefined, expected: number): void {
  assert.ok(Math.abs((value ?? Number.NaN) / expected - 1) < 0.02, `${value} against ${expected}`);
}
