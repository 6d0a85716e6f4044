/** Writes the golden files of reports anew: `node test/report/update-goldens.ts`, then read the difference. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldenFolder, goldenTexts } from './goldens.ts';

await mkdir(goldenFolder, { recursive: true });
for (const [name, text] of await goldenTexts()) await writeFile(join(goldenFolder, name), text);
