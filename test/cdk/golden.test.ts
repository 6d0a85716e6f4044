import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { goldenFile, goldenTemplate } from './golden-template.ts';

test('the whole template is as the golden one (else: node test/cdk/update-golden.ts, and read the difference)', () => {
  assert.equal(goldenTemplate(), readFileSync(goldenFile, 'utf8'));
});
