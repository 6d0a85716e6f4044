import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Workload } from '../../lib/spec/workload.ts';
import { type AskedOptions, askedBy } from '../../lib/workload/asked.ts';

const cell = { inputTokens: 500, outputTokens: 50 };
const drawnLengths: Workload = {
  file: null,
  inputTokens: { uniform: { min: 1, max: 999 } },
  outputTokens: { uniform: { min: 1, max: 99 } },
  exact: false,
};
const stage = { stage: 3, kind: 'load', repeat: 0, cell, pass: null } as const;

function asked(changes: Partial<AskedOptions>, requests = 200) {
  const of = askedBy({ workload: drawnLengths, stage, seed: 1, rows: null, ...changes });
  return Array.from({ length: requests }, (_, index) => of(index % 4, Math.floor(index / 4)));
}
const inputs = (changes: Partial<AskedOptions>) => asked(changes).map(({ inputTokens }) => inputTokens);

describe('what a request asks for', () => {
  test('follows from seed, stream and ordinal alone: workers agree, in whatever order they ask', () => {
    const of = askedBy({ workload: drawnLengths, stage, seed: 1, rows: null });
    const backwards = Array.from({ length: 200 }, (_, index) => 199 - index).map((index) =>
      of(index % 4, Math.floor(index / 4)),
    );
    assert.deepEqual(backwards.reverse(), asked({}));
    assert.ok(new Set(inputs({})).size > 100, 'each has a length of its own');
    assert.notDeepEqual(inputs({ seed: 2 }), inputs({}));
  });

  test('levels and the drift check begin with the same lengths; a repeat of a level has others', () => {
    assert.deepEqual(inputs({ stage: { ...stage, stage: 4 } }), inputs({}));
    assert.deepEqual(inputs({ stage: { ...stage, stage: 9, kind: 'drift', repeat: 1 } }), inputs({}));
    assert.notDeepEqual(inputs({ stage: { ...stage, stage: 4, repeat: 1 } }), inputs({}));
  });

  test('a long prompt says nothing of the length of its answer', () => {
    const both = asked({}, 4000).map(({ inputTokens, outputTokens }) => [inputTokens ?? 0, outputTokens] as const);
    const [meanIn, meanOut] = [0, 1].map((at) => both.reduce((sum, pair) => sum + (pair[at] ?? 0), 0) / both.length);
    const together = both.reduce((sum, [x, y]) => sum + (x - (meanIn ?? 0)) * (y - (meanOut ?? 0)), 0) / both.length;
    assert.ok(Math.abs(together) < 0.05 * 288 * 28, `covariance ${together}`);
  });

  test('one length is the cell’s', () => {
    const workload = { file: null, inputTokens: 1, outputTokens: 1, exact: false };
    assert.deepEqual(asked({ workload }, 1), [{ messages: null, inputTokens: 500, outputTokens: 50 }]);
  });

  test('the probe asks for the mean', () => {
    assert.deepEqual(asked({ stage: { ...stage, stage: 0, kind: 'probe' } }, 1)[0]?.inputTokens, 500);
  });
});

describe('rows of a file', () => {
  const workload = { ...drawnLengths, file: 'a.jsonl', inputTokens: null, outputTokens: 64 };
  const rows = Array.from({ length: 10 }, (_, index) => ({
    messages: [{ role: 'user', content: `prompt ${index}` }],
    inputTokens: null,
    outputTokens: index < 5 ? 7 : null,
  }));

  test('are drawn each as often, with their own limit or the workload’s', () => {
    const all = asked({ workload, rows }, 20_000);
    for (const row of rows) {
      const share = all.filter(({ messages }) => messages === row.messages).length / all.length;
      assert.ok(Math.abs(share - 0.1) < 0.01, `${share}`);
    }
    const limitOf = new Map<unknown, number>(rows.map(({ messages, outputTokens }) => [messages, outputTokens ?? 64]));
    assert.ok(all.every((one) => one.outputTokens === limitOf.get(one.messages)));
    assert.ok(all.every(({ inputTokens }) => inputTokens === null));
  });

  test('another stage draws other rows, so that a cache does not know its prompts in their order', () => {
    const of = (ordinal: number) =>
      asked({ workload, rows, stage: { ...stage, stage: ordinal } }).map(({ messages }) => messages);
    assert.deepEqual(of(1), of(1));
    assert.notDeepEqual(of(1), of(2));
  });
});
