import { join } from 'node:path';
import { stringify } from 'yaml';
import { fullContext, templateWith } from './synthesize.ts';

export const goldenFile = join(import.meta.dirname, 'golden', 'paretoken.yaml');

/** The whole template with everything switched on, as it would be read. */
export function goldenTemplate(): string {
  return stringify(templateWith(fullContext).toJSON(), { lineWidth: 0, aliasDuplicateObjects: false });
}
