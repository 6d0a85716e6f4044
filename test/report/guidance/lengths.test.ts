import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Point } from '../../../lib/curve/point.ts';
import { cellsOf } from '../../../lib/report/cells.ts';
import { lengthsGuidance } from '../../../lib/report/guidance/lengths.ts';
import type { Report } from '../../../lib/report/report.ts';
import { lengthsReport } from '../lengths-sample.ts';
import { judged, sampleReport } from '../sample-report.ts';
import { sample, without } from './view-of.ts';

const itemsOf = (report: Report) => lengthsGuidance(cellsOf(report));
const textFor = (report: Report) =>
  itemsOf(report)
    .map(({ title, text }) => `${title}: ${text}`)
    .join('\n');
const changed = (report: Report, change: (point: Point) => Point): Report => ({
  ...report,
  points: report.points.map(change),
});

describe('what input and output tokens weigh', () => {
  it('Δ TTFT ÷ Δ input tokens and Δ latency ÷ Δ output tokens, at the lowest level of both cells', () => {
    const text = textFor(sample('lengths'));
    assert.match(
      text,
      /TTFT \(p50\) was 80\.1 ms with 512 tokens in and 510 ms with 4,096, at 1 parallel request and 64 tokens out: 120 ms for each further 1,000 input tokens\. The most output tokens\/s fell from 2,296 to 1,846\./,
    );
    assert.match(
      text,
      /Latency \(p50\) was 394 ms with 64 tokens out and 1\.39 s with 256, at 1 parallel request and 512 tokens in: 520 ms for each further 100 output tokens\. One output token takes as long as about 43 input tokens\./,
    );
  });

  it('tokens are those that the endpoint counted, where it counts', () => {
    const counted = changed(sample('lengths'), (point) => ({
      ...point,
      meanOutputTokens: point.cell.outputTokens === 256 ? 160 : 64,
    }));
    assert.match(textFor(counted), /394 ms with 64 tokens out and 1\.39 s with 160, .*: 1\.04 s for each further 100/);
  });

  it('answers that came no longer than asked of the shorter show nothing of output', () => {
    const stopped = changed(sample('lengths'), (point) => ({ ...point, meanOutputTokens: 64 }));
    assert.deepEqual(
      itemsOf(stopped).map(({ title }) => title),
      ['Input tokens'],
    );
  });

  it('a level that is void in one of the cells is passed over', () => {
    const voided = changed(sample('lengths'), (point) =>
      point.level === 1 && point.cell.inputTokens === 512 ? judged(point, 'void', []) : point,
    );
    const [input, output] = itemsOf(voided);
    assert.deepEqual([input?.levels, output?.levels], [[4], [1]]);
    assert.doesNotMatch(output?.text ?? '', /as long as/, 'measured at different loads, they are not compared');
  });

  it('the cells furthest apart are compared', () => {
    const three = lengthsReport([512, 1024, 4096].map((inputTokens) => ({ inputTokens, outputTokens: 64 })));
    assert.match(textFor(three), /with 512 tokens in and .* with 4,096/);
    assert.doesNotMatch(textFor(three), /Output tokens:/);
  });

  it('not streamed, input is weighed by latency', () => {
    const whole = changed(sample('lengths'), (point) => without(point, 'ttftMs', 'tpotMs'));
    assert.match(textFor(whole), /Latency \(p50\) was 394 ms with 512 tokens in and 824 ms with 4,096/);
  });

  it('a prompt that costs nothing is told as such', () => {
    const cached = changed(sample('lengths'), (point) => ({ ...point, ttftMs: { ...point.ttftMs, p50: 50 } }));
    assert.match(textFor(cached), /It did not grow with the prompt/);
    assert.doesNotMatch(textFor(cached), /as long as about/);
  });

  it('cells that differ in both lengths tell nothing of either', () => {
    assert.match(textFor(sample('grid')), /can’t be told here: that takes two cells that differ in one length alone/);
  });

  it('one cell, or none that can be believed, has nothing to say', () => {
    assert.deepEqual(itemsOf(sampleReport()), []);
    assert.deepEqual(itemsOf(changed(sample('grid'), (point) => judged(point, 'void', []))), []);
  });
});
