/**
 * Which folder of lib may import which other; what stands nowhere is forbidden. A row is a folder or a file, an entry
 * a folder or one of its files; the first row that fits decides.
 */
export const importTable: readonly (readonly [string, readonly string[]])[] = [
  ['fleet/thread-entry', ['plan', 'timing', 'worker', 'record', 'store', 'target']],
  ['fleet/recorder-entry', ['worker', 'record', 'store']],
  ['spec', []],
  ['timing', []],
  ['stream', []],
  ['store', []],
  ['plan', ['spec', 'timing']],
  ['workload', ['spec', 'plan']],
  ['record', ['plan', 'timing']],
  ['target', ['spec', 'stream', 'timing']],
  ['load', ['plan', 'workload', 'target', 'timing']],
  ['worker', ['plan', 'workload', 'target', 'load', 'record', 'store', 'timing']],
  ['fleet', ['plan', 'timing']],
  ['curve', ['spec', 'plan', 'record', 'timing']],
  ['report', ['spec', 'plan', 'curve']],
  ['aggregator', ['spec', 'plan', 'store', 'record', 'curve', 'report']],
  ['sweep', ['spec', 'plan', 'timing', 'record/receipt', 'store/key-layout', 'store/json', 'aggregator/aggregator']],
  ['mock', ['timing', 'plan/seeded-random']],
  ['cli', ['*']],
];

/** Folders of which `sweep` may import types, and nothing but types. */
export const typesOnly: Readonly<Record<string, readonly string[]>> = {
  sweep: ['fleet', 'store', 'aggregator', 'report'],
  aggregator: ['timing'],
  report: ['timing', 'store'],
};

/** The one place from which each package is imported. */
export const packageOwners: Readonly<Record<string, string>> = {
  undici: 'target/http-target',
  arquero: 'curve/',
  hyparquet: 'record/',
  'hyparquet-writer': 'record/',
  zod: 'spec/',
  yaml: 'spec/',
  'fastest-levenshtein': 'spec/',
  'ipaddr.js': 'target/address',
  '@observablehq/plot': 'report/',
  linkedom: 'report/',
  'cli-table3': 'report/',
  commander: 'cli/',
  'log-update': 'cli/',
};
