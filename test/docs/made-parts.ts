import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, optionTable } from './command-options.ts';
import type { JsonSchema } from './json-schema.ts';
import { docsFolder } from './markdown.ts';
import { reportFields } from './report-fields.ts';
import { specKeyTable } from './spec-keys.ts';

/** The JSON Schema of report.json as it stands in the docs. */
export const reportSchema = JSON.parse(readFileSync(join(docsFolder, 'report.schema.json'), 'utf8')) as JsonSchema;

/** What stands in the docs but follows from the code, by the name that marks its place. */
const parts: ReadonlyMap<string, () => string> = new Map([
  ['spec keys', specKeyTable],
  ['report fields', () => reportFields(reportSchema)],
  ...commands.map((command) => [`options ${command.name()}`, () => optionTable(command)] as const),
]);

/** A page with its made parts as the code has them now: what stands between `<!-- made: NAME -->` and `<!-- end -->`. */
export function withMadeParts(page: string): string {
  return page.replace(/^<!-- made: (.+) -->\n[\s\S]*?^<!-- end -->$/gm, (_, name: string) => {
    const made = parts.get(name);
    if (!made) throw new Error(`the docs ask for a part that is not made: ${name}`);
    return `<!-- made: ${name} -->\n\n${made()}\n\n<!-- end -->`;
  });
}
