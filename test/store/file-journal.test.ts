import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileJournal } from '../../lib/store/file-journal.ts';
import type { Journal } from '../../lib/store/journal.ts';
import { memoryJournal } from './memory-journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'paretoken-journal-'));
after(() => rm(folder, { recursive: true, force: true }));

const journals: readonly (readonly [string, () => Journal])[] = [
  ['a file', () => fileJournal(folder, 'sweeps/contract/journal.jsonl')],
  ['memory', memoryJournal],
];

for (const [name, newJournal] of journals) {
  describe(`the contract of a journal, kept by ${name}`, () => {
    test('lines are read as they were appended, in order; before the first there are none', async () => {
      const journal = newJournal();
      assert.deepEqual(await journal.read(), []);
      for (const line of ['{"a":1}', '{"b":"ü\\n"}', '']) await journal.append(line);
      assert.deepEqual(await journal.read(), ['{"a":1}', '{"b":"ü\\n"}', '']);
    });
  });
}

describe('a journal in a file', () => {
  const path = join(folder, 'torn');
  for (const [why, text, lines] of [
    ['a last line that was torn is ignored, and cut off before the next', 'one\ntwo\nthr', ['one', 'two']],
    ['a first line that was torn is none', '{"sch', []],
    ['a torn letter does not hurt', 'one\n\xc3', ['one']],
  ] as const) {
    test(why, async () => {
      await writeFile(path, Buffer.from(text, 'latin1'));
      const journal = fileJournal(folder, 'torn');
      assert.deepEqual(await journal.read(), lines);
      await journal.append('next');
      assert.deepEqual(await journal.read(), [...lines, 'next']);
      assert.equal(await readFile(path, 'utf8'), [...lines, 'next', ''].join('\n'));
    });
  }

  test('what another process appended meanwhile stays', async () => {
    const journal = fileJournal(folder, 'shared');
    await journal.append('one');
    await appendFile(join(folder, 'shared'), 'two\n');
    await journal.append('three');
    assert.deepEqual(await journal.read(), ['one', 'two', 'three']);
  });

  test('a place that can’t be written is an error that names it and says what to do', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(fileJournal(join(folder, 'file'), 'sweeps/a/journal.jsonl').append('line'), {
      name: 'StoreError',
      message: /file.*a part of the path is a file/,
    });
  });
});
