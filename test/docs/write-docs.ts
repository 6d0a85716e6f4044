/** Writes the parts of the docs that are made from code: `node test/docs/write-docs.ts`, then read the difference. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withMadeParts } from './made-parts.ts';
import { docsFolder } from './markdown.ts';

for (const name of await readdir(docsFolder)) {
  if (!name.endsWith('.md')) continue;
  const path = join(docsFolder, name);
  await writeFile(path, await withMadeParts(await readFile(path, 'utf8')));
}
