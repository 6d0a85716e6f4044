import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSpec } from '../../lib/spec/parse.ts';
import { codeBlocks, doc } from './markdown.ts';
import { isFolded, type SpecKey, specKeys } from './spec-keys.ts';

const [example = ''] = codeBlocks(doc('spec.md'), 'yaml');

describe('docs/spec.md', () => {
  it('has an example that parses and says what it looks like it says', () => {
    const spec = parseSpec(example);
    assert.deepEqual(spec.target.auth, { env: 'LLM_KEY', header: 'authorization' });
    assert.equal(spec.stage.measure, 120_000);
    assert.equal(spec.fleet.maxWorkers, 8);
  });

  it('names every key in its example but those that exclude one of them', () => {
    const spec = parseSpec(example);
    const isOfDatabricks = ({ schema }: SpecKey) => schema.description?.startsWith('Of a Databricks target') ?? false;
    const isAlone = ({ alternative, insteadOf, beside, path }: SpecKey) =>
      alternative === null && insteadOf === null && beside === null && !isFolded(path);
    for (const { path } of specKeys().filter((key) => isAlone(key) && !isOfDatabricks(key))) {
      const last = path.split('.').at(-1) ?? '';
      assert.match(example, new RegExp(`^ *${last}:`, 'm'), path);
      const value = path.split('.').reduce<unknown>((inside, key) => Reflect.get(Object(inside), key), spec);
      assert.notEqual(value, undefined, path);
    }
  });
});
