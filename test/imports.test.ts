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

const lib = join(import.meta.dirname, '..', 'lib');
const sources = globSync('**/*.ts', { cwd: lib }).sort();
const statement =
  /^\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(lib, file), 'utf8');
  return [...text.matchAll(statement)].map((match) => ({
    from: file.replace(/\.ts$/, ''),
    to: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

const imports = sources.flatMap(importsOf);
const folderOf = (path: string) => path.split('/')[0] ?? '';
const within = (path: string, place: string) => path === place || path.startsWith(`${place}/`);

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const target = normalize(join(dirname(from), to)).replace(/\.ts$/, '');
  if (folderOf(target) === folderOf(from)) return true;
  const row = importTable.find(([place]) => within(from, place));
  if (!row) return false;
  const types = typeOnly ? (typesOnly[folderOf(from)] ?? []) : [];
  return [...row[1], ...types].some((place) => place === '*' || within(target, place));
}

test('every folder of lib imports only from the folders that the import table names', () => {
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
    return owner === undefined || !from.startsWith(owner);
  });
  assert.deepEqual(
    misplaced.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

const ambient = [
  { what: 'the environment', pattern: /\bprocess\.env\b/, home: /^cli\/environment\.ts$/ },
  {
    what: 'wall clock, timers or chance',
    pattern:
      /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bsetImmediate\(|\bMath\.random\(|\brandomBytes\(|\bAbortSignal\.timeout\(/,
    home: /^(timing\/|plan\/seeded-random\.ts$)/,
  },
];

for (const { what, pattern, home } of ambient) {
  test(`${what}: used in ${home.source} and nowhere else`, () => {
    const strangers = sources.filter((file) => !home.test(file) && pattern.test(readFileSync(join(lib, file), 'utf8')));
    assert.deepEqual(strangers, []);
  });
}

test('the scan sees the imports: the thread entry imports the worker', () => {
  assert.ok(imports.some(({ from, to }) => from === 'fleet/thread-entry' && to === '../worker/run-assignment.ts'));
});
