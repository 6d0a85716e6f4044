import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, optionTable } from './command-options.ts';
import { jsonEvents } from './json-events.ts';
import type { JsonSchema } from './json-schema.ts';
import { docsFolder } from './markdown.ts';
import { presetSections } from './preset-sections.ts';
import { reportFields } from './report-fields.ts';
import { specKeyTable } from './spec-keys.ts';

/** The JSON Schema of report.json as it stands in the docs. */
export const reportSchema = JSON.parse(readFileSync(join(docsFolder, 'report.schema.json'), 'utf8')) as JsonSchema;

/** What stands in the docs but follows from the code, by the name that marks its place. */
const parts: ReadonlyMap<string, () => string | Promise<string>> = new Map<string, () => string | Promise<string>>([
  ['spec keys', specKeyTable],
  ['json events', jsonEvents],
  ['presets', presetSections],
  ['report fields', () => reportFields(reportSchema)],
  ...commands.map((command) => [`options ${command.name()}`, () => optionTable(command)] as const),
]);

/** A page with its made parts as the code has them now: what stands between `<!-- made: NAME -->` and `<!-- end -->`. */
export async function withMadeParts(page: string): Promise<string> {
  const place = /^<!-- made: (.+) -->\n[\s\S]*?^<!-- end -->$/gm;
  const made = new Map<string, string>();
  for (const [, name = ''] of page.matchAll(place)) {
    const make = parts.get(name);
    if (!make) throw new Error(`the docs ask for a part that is not made: ${name}`);
    made.set(name, await make());
  }
  return page.replace(place, (_, name: string) => `<!-- made: ${name} -->\n\n${made.get(name)}\n\n<!-- end -->`);
}
