import { existsSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';

/** The folders of the bundled handlers; each holds an `index.mjs`. */
export const bundleNames = ['orchestrator', 'worker', 'aggregator'] as const;

export type BundleName = (typeof bundleNames)[number];

/** Where the bundles of this package lie: beside the compiled constructs, or under `dist` when run from source. */
const ownFolder = resolve(
  import.meta.dirname,
  extname(import.meta.filename) === '.ts' ? '../dist/functions' : '../functions',
);

/**
 * The folder that holds the bundled handlers.
 * @throws ConfigurationError naming the command that makes what is missing
 */
export function functionsFolder(folder: string = ownFolder): string {
  const faults = bundleNames
    .map((name) => join(folder, name, 'index.mjs'))
    .filter((file) => !existsSync(file))
    .map((file) => `${file} is missing: make it with npm run build:functions`);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return folder;
}
