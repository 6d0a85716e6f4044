import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeFault, SpecError } from '../../lib/spec/fault.ts';
import { parseSpec } from '../../lib/spec/parse.ts';

const withWorkload = (workload: string) => `target: {url: http://localhost:8000/v1}
workload: ${workload}
load: {levels: [1]}
`;

function faultsOf(workload: string): string[] {
  try {
    parseSpec(withWorkload(workload));
  } catch (error) {
    if (error instanceof SpecError) return error.faults.map(describeFault);
    throw error;
  }
  return [];
}

const sound: readonly { why: string; workload: string }[] = [
  { why: 'one length each', workload: '{inputTokens: 512, outputTokens: 128}' },
  {
    why: 'two distributions',
    workload: '{inputTokens: {normal: {mean: 512, deviation: 128}}, outputTokens: {uniform: {min: 1, max: 1}}}',
  },
  {
    why: 'a distribution beside a length',
    workload: '{inputTokens: {lognormal: {mean: 9, deviation: 99}}, outputTokens: 1}',
  },
  { why: 'a file alone', workload: '{file: prompts.jsonl}' },
  { why: 'a file, and a limit for rows without', workload: '{file: prompts.jsonl, outputTokens: 64}' },
  { why: 'columns of a file', workload: '{file: log.jsonl, inputTokens: {column: in}, outputTokens: {column: out}}' },
];

const mistakes: readonly { why: string; workload: string; says: readonly RegExp[] }[] = [
  {
    why: 'nothing at all',
    workload: '{}',
    says: [/^workload\.inputTokens is missing/, /^workload\.outputTokens is missing/],
  },
  {
    why: 'no distribution',
    workload: '{inputTokens: {}, outputTokens: 1}',
    says: [/^workload\.inputTokens names no distribution: give one of normal, lognormal, uniform, column/],
  },
  {
    why: 'two distributions for one length',
    workload: '{inputTokens: {normal: {mean: 1, deviation: 1}, uniform: {min: 1, max: 2}}, outputTokens: 1}',
    says: [/^workload\.inputTokens\.uniform stands beside normal: keep one of them \(line 2/],
  },
  {
    why: 'half a bell',
    workload: '{inputTokens: {normal: {mean: 1}}, outputTokens: 1}',
    says: [/^workload\.inputTokens\.normal\.deviation is missing/],
  },
  {
    why: 'a bell without width',
    workload: '{inputTokens: {normal: {mean: 1, deviation: 0}}, outputTokens: 1}',
    says: [/^workload\.inputTokens\.normal\.deviation must be more than 0/],
  },
  {
    why: 'bounds the wrong way round',
    workload: '{inputTokens: {uniform: {min: 2, max: 1}}, outputTokens: 1}',
    says: [/^workload\.inputTokens\.uniform\.max must not be below min/],
  },
  {
    why: 'bounds where the bell is not',
    workload: '{inputTokens: {lognormal: {mean: 500, deviation: 100, max: 50}}, outputTokens: 1}',
    says: [/^workload\.inputTokens\.lognormal has next to nothing between min and max/],
  },
  {
    why: 'a misspelt distribution',
    workload: '{inputTokens: {lognorml: {mean: 500, deviation: 100}}, outputTokens: 1}',
    says: [/^workload\.inputTokens\.lognorml is no key of a spec: did you mean lognormal\?/, /names no distribution/],
  },
  {
    why: 'a column of no file',
    workload: '{inputTokens: {column: in}, outputTokens: 1}',
    says: [/^workload\.inputTokens names a column, but there is no workload\.file/],
  },
  {
    why: 'a length beside a file whose rows have their own',
    workload: '{file: prompts.jsonl, inputTokens: 5}',
    says: [/^workload\.inputTokens stands beside file/],
  },
  {
    why: 'a grid without a length',
    workload: '{inputTokens: [], outputTokens: 1}',
    says: [/^workload\.inputTokens needs at least one length, such as \[512, 2048\]/],
  },
  {
    why: 'a length of a grid that is none, and one that stands there twice',
    workload: '{inputTokens: [512, 0], outputTokens: [64, 256, 64]}',
    says: [
      /^workload\.inputTokens\[1\] must be at least 1 \(line 2/,
      /^workload\.outputTokens\[2\] stands there twice/,
    ],
  },
  {
    why: 'exact prompts are corrected for one length alone',
    workload: '{inputTokens: [512, 2048], outputTokens: 64, exact: true}',
    says: [/^workload\.exact needs inputTokens to be one length/],
  },
  {
    why: 'a file is one workload',
    workload: '{file: a.jsonl, outputTokens: [64, 256]}',
    says: [/^workload\.outputTokens is a list beside file/],
  },
];

describe('what a workload may say', () => {
  for (const { why, workload } of sound) test(why, () => assert.deepEqual(faultsOf(workload), []));
});

describe('a workload with mistakes is refused, with what to do', () => {
  for (const { why, workload, says } of mistakes) {
    test(why, () => {
      const faults = faultsOf(workload);
      assert.equal(faults.length, says.length, faults.join('\n'));
      for (const [index, pattern] of says.entries()) assert.match(faults[index] ?? '', pattern);
    });
  }
});

test('a flag that names a file stands instead of the lengths below it, but for columns; a length instead of the file', () => {
  const file = { path: ['workload', 'file'], value: '/prompts.jsonl' } as const;
  const length = { path: ['workload', 'inputTokens'], value: 7 } as const;
  const of = (workload: string, override: typeof file | typeof length) =>
    parseSpec(withWorkload(workload), [override]).workload;
  assert.deepEqual(of('{inputTokens: 512, outputTokens: 128}', file), {
    file: '/prompts.jsonl',
    inputTokens: null,
    outputTokens: 128,
    exact: false,
  });
  assert.deepEqual(of('{file: a.jsonl, inputTokens: {column: in}}', file).inputTokens, { column: 'in' });
  assert.deepEqual(of('{file: a.jsonl, outputTokens: 5}', length), {
    file: null,
    inputTokens: 7,
    outputTokens: 5,
    exact: false,
  });
});
