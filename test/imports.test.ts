import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { importTable, packageOwners, typesOnly } from './import-table.ts';

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const root = join(import.meta.dirname, '..');
/** By their place in the house: `plan/share.ts`, `functions/worker.ts`. */
const sources = globSync('{lib,functions,cdk}/**/*.ts', { cwd: root })
  .map((file) => file.replace(/^lib\//, ''))
  .sort();
const read = (file: string) => readFileSync(join(root, /^(functions|cdk)\//.test(file) ? '' : 'lib', file), 'utf8');
const statement =
  /^\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  return [...read(file).matchAll(statement)].map((match) => ({
    from: file.replace(/\.ts$/, ''),
    to: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

const imports = sources.flatMap(importsOf);
const folderOf = (path: string) => path.split('/')[0] ?? '';
const within = (path: string, place: string) => path === place || path.startsWith(`${place}/`);

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const target = normalize(join(dirname(from), to))
    .replace(/\.ts$/, '')
    .replace(/^\.\.\/|^lib\//g, '');
  if (folderOf(target) === folderOf(from)) return true;
  const row = importTable.find(([place]) => within(from, place));
  if (!row) return false;
  const types = typeOnly ? (typesOnly[folderOf(from)] ?? []) : [];
  return [...row[1], ...types].some((place) => place === '*' || within(target, place));
}

test('every folder imports only from the folders that the import table names', () => {
  const forbidden = imports.filter(({ to }) => to.startsWith('.')).filter((one) => !isAllowed(one));
  assert.deepEqual(
    forbidden.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

test('every package is imported from one place', () => {
  const foreign = imports.filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:'));
  const misplaced = foreign.filter(({ from, to }) => {
    const name = to
      .split('/')
      .slice(0, to.startsWith('@') ? 2 : 1)
      .join('/');
    const owner = packageOwners[name];
    return owner === undefined || ![owner].flat().some((place) => from.startsWith(place));
  });
  assert.deepEqual(
    misplaced.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

const ambient = [
  { what: 'the environment', pattern: /\bprocess\.env\b/, home: /^(cli|functions)\/environment\.ts$/ },
  {
    what: 'wall clock, timers or chance',
    pattern:
      /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bsetImmediate\(|\bMath\.random\(|\brandomBytes\(|\bAbortSignal\.timeout\(/,
    home: /^(timing\/|plan\/seeded-random\.ts$)/,
  },
];

for (const { what, pattern, home } of ambient) {
  test(`${what}: used in ${home.source} and nowhere else`, () => {
    const strangers = sources.filter((file) => !home.test(file) && pattern.test(read(file)));
    assert.deepEqual(strangers, []);
  });
}

test('the scan sees the imports: the thread entry imports the worker', () => {
  assert.ok(imports.some(({ from, to }) => from === 'fleet/thread-entry' && to === '../worker/run-assignment.ts'));
});
