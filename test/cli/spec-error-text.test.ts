import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSpecError } from '../../lib/cli/spec-error-text.ts';
import { SpecError } from '../../lib/spec/fault.ts';

const error = new SpecError([
  { path: 'stage.measure', message: 'must be auto, or a duration such as 30s', position: null, flag: '--measure' },
  { path: 'load', message: 'is missing', position: { line: 2, column: 1 } },
]);

test('each fault is told with the flag or the line that it came from', () => {
  const lines = describeSpecError(error, Number.POSITIVE_INFINITY).split('\n');
  assert.deepEqual(lines.slice(0, 3), [
    "error: the sweep can't be run. 2 things are wrong with it:",
    '  stage.measure must be auto, or a duration such as 30s (--measure)',
    '  load is missing (line 2, column 1)',
  ]);
});

test('on a narrow terminal faults are broken at words, and what runs over is indented', () => {
  const lines = describeSpecError(error, 40).trimEnd().split('\n');
  assert.ok(
    lines.slice(1).every((line) => line.length <= 40),
    lines.join('\n'),
  );
  assert.match(lines[2] ?? '', /^ {4}\S/);
});
