import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { goldenFolder, goldenTexts } from './goldens.ts';

test('what people read is what they read before (else: node test/report/update-goldens.ts, and read the difference)', async (t) => {
  const texts = await goldenTexts();
  for (const [name, text] of texts) {
    await t.test(name, async () => assert.equal(text, await readFile(join(goldenFolder, name), 'utf8')));
  }
  await t.test('no golden file is left over', async () => {
    assert.deepEqual((await readdir(goldenFolder)).sort(), [...texts.keys()].sort());
  });
});
