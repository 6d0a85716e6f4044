import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** The bundles: a folder of `dist/functions` each, with files made from these sources. */
const bundles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  orchestrator: { index: 'functions/orchestrator.ts' },
  aggregator: { index: 'functions/aggregator.ts' },
  // The recorder runs in a thread of its own, whose file the worker looks for beside itself.
  worker: { index: 'functions/worker.ts', 'recorder-entry': 'lib/fleet/recorder-entry.ts' },
};

/** Packages in CommonJS ask for Node's own modules by `require`, which a module in ESM does not have. */
const banner = `import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);`;

/**
 * Bundles the handlers into `{folder}/{name}/index.mjs`: ESM for Node 24 with every package inside, the AWS SDK too,
 * so that what runs is what was tested. The licences of what is inside lie beside it.
 */
export async function bundleFunctions(folder: string = join(root, 'dist', 'functions')): Promise<void> {
  await Promise.all(Object.entries(bundles).map(([name, sources]) => bundle(join(folder, name), sources)));
}

async function bundle(folder: string, sources: Readonly<Record<string, string>>): Promise<void> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    banner: { js: banner },
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  await mkdir(folder, { recursive: true });
  await Promise.all(outputFiles.map(({ path, contents }) => putFile(path, contents)));
  await putFile(join(folder, 'LICENCES.txt'), licencesOf(metafile));
}

/** Moves a file into its place whole: a function that starts meanwhile finds the one before or this one. */
async function putFile(path: string, contents: Uint8Array | string): Promise<void> {
  const draft = `${path}.${process.pid}.unfinished`;
  await writeFile(draft, contents);
  await rename(draft, path);
}

/** The licences of the packages of which something is inside, each text once. */
function licencesOf({ outputs }: Metafile): string {
  const paths = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(paths.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const byText = Map.groupBy([...packages].sort().map(licenceOf), ({ text }) => text);
  return [...byText].map(([text, those]) => `${those.map(({ name }) => name).join('\n')}\n\n${text}\n`).join('\n\n');
}

function licenceOf(folder: string): { name: string; text: string } {
  const place = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    readonly [key in 'name' | 'version' | 'license']?: string;
  };
  const file = readdirSync(place).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(place, file), 'utf8').trim();
  return { name: `${name} ${version}: ${license}`, text };
}

if (import.meta.main) await bundleFunctions();
