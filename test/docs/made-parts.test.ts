import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { reportSchema, withMadeParts } from './made-parts.ts';
import { doc, docsFolder } from './markdown.ts';
import { toldDefinitions } from './report-fields.ts';

for (const name of readdirSync(docsFolder).filter((file) => file.endsWith('.md'))) {
  test(`docs/${name}: what is made from code is as the code has it (else: node test/docs/write-docs.ts)`, async () => {
    assert.equal(doc(name), await withMadeParts(doc(name)));
  });
}

test('docs/report.md tells every part of the report’s schema; the spec has a page of its own', () => {
  const untold = Object.keys(reportSchema.$defs ?? {}).filter((name) => !toldDefinitions.includes(name));
  assert.deepEqual(untold, []);
});
