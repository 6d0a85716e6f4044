import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cellOf } from '../../lib/plan/cell.ts';
import { describeFault, SpecError } from '../../lib/spec/fault.ts';
import { checkSpec, parseSpec, parseWritten } from '../../lib/spec/parse.ts';
import { presetText } from '../../lib/spec/preset-text.ts';
import { presetNames, presets } from '../../lib/spec/presets.ts';

const target = 'target: {url: http://localhost:8000/v1}\n';

describe('the preset databricks-notebook', () => {
  test('is the notebook’s own sweep: 2,048 tokens in, 256 out, 5 requests a worker, levels 1, 2, 4, 8, its single-step rule', () => {
    const { workload, load } = parseSpec(`${target}preset: databricks-notebook\n`);
    assert.deepEqual([workload.inputTokens, workload.outputTokens, workload.exact], [2048, 256, true]);
    assert.deepEqual(
      [load.levels, load.notebook, load.stopAt],
      [[1, 2, 4, 8], { requestsPerStream: 5 }, ['notebook_plateau']],
    );
  });
});

describe('a preset', () => {
  for (const name of presetNames) {
    test(`${name} says all but the target, and where its figures come from`, () => {
      const spec = parseSpec(`${target}preset: ${name}\n`);
      assert.equal(spec.preset, name);
      assert.equal(spec.name, name);
      assert.ok(spec.load.levels.length > 0);
      const isHeld = spec.slo?.percentiles?.ttft?.p99 && spec.slo.percentiles.tpot?.p99;
      assert.ok(isHeld || name === 'databricks-notebook', 'the notebook holds its endpoints to nothing');
      const { inputTokens, outputTokens } = cellOf(spec.workload);
      assert.ok(inputTokens > outputTokens);
      for (const { url, says } of presets[name].sources) {
        assert.match(url, /^https:\/\//);
        assert.ok(/\d/.test(says), 'a source says figures');
      }
    });

    test(`${name}, printed as a sweep to start from, is the same sweep`, () => {
      const printed = parseSpec(presetText(name));
      const named = parseSpec(`target: {url: http://127.0.0.1:8000/v1, model: my-model}\npreset: ${name}\n`);
      assert.deepEqual({ ...printed, preset: name }, named);
    });
  }

  test('stands below the file, key by key', () => {
    const spec = parseSpec(
      `${target}preset: chat\nworkload: {outputTokens: 50}\nload: {driftCheck: false}\nslo: null\n`,
    );
    assert.deepEqual(spec.workload.inputTokens, presets.chat.sweep.workload.inputTokens);
    assert.equal(spec.workload.outputTokens, 50);
    assert.deepEqual([spec.load.driftCheck, spec.load.levels], [false, [1, 2, 4, 8, 16, 32]]);
    assert.equal(spec.slo, null);
  });

  test('gives way to what excludes it: a file of prompts, a search', () => {
    const spec = parseSpec(`${target}preset: chat\nworkload: {file: prompts.jsonl}\nload: {search: {to: 64}}\n`);
    assert.deepEqual([spec.workload.file, spec.workload.inputTokens], ['prompts.jsonl', null]);
    assert.deepEqual([spec.load.levels, spec.load.search?.to], [[], 64]);
  });

  test('may be named by a flag, and flags stand above it', () => {
    const spec = parseSpec(`${target}load: {levels: [3]}\n`, [
      { path: ['preset'], value: 'rag' },
      { path: ['workload', 'inputTokens'], value: 100 },
    ]);
    assert.deepEqual([spec.preset, spec.workload.inputTokens, spec.load.levels], ['rag', 100, [3]]);
  });

  test('is resolved wherever the sweep is checked again from what was written', () => {
    const { spec, written } = parseWritten(`${target}preset: code\n`);
    assert.deepEqual(checkSpec(JSON.parse(JSON.stringify(written))), spec);
  });

  test('that there is none of: the names that there are', () => {
    const faults = (text: string) => {
      try {
        parseSpec(text);
      } catch (error) {
        return error instanceof SpecError ? error.faults.map(describeFault) : [];
      }
      return [];
    };
    assert.match(faults(`${target}preset: chatt\n`)[0] ?? '', /^preset must be one of chat, rag, summarise, code/);
    assert.deepEqual(faults(`${target}`).length, 2, 'without one, what is asked and how hard are missing');
  });
});
