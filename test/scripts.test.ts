import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const project = join(import.meta.dirname, '..');

test('the scripts of package.json run every file of tests, each once', () => {
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const run = ['test:units', 'test:parts', 'test:cloud'].flatMap((script) => {
    const patterns = [...(scripts[script] ?? '').matchAll(/"([^"]+)"/g)].map(([, pattern = '']) => pattern);
    return globSync(patterns, { cwd: project });
  });
  assert.deepEqual(run.toSorted(), globSync('test/**/*.test.ts', { cwd: project }).toSorted());
});
