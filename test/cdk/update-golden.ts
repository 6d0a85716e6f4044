/** Writes the golden template anew: `node test/cdk/update-golden.ts`, then read the difference. */
import { writeFileSync } from 'node:fs';
import { goldenFile, goldenTemplate } from './golden-template.ts';

writeFileSync(goldenFile, goldenTemplate());
