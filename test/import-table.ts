/**
 * Which folder may import which other, those of lib without `lib/` before them; what stands nowhere is forbidden. A row
 * is a folder or a file, an entry a folder or one of its files; the first row that fits decides.
 */
export const importTable: readonly (readonly [string, readonly string[]])[] = [
  ['fleet/thread-entry', ['plan', 'timing', 'worker', 'record', 'store', 'target']],
  ['fleet/recorder-entry', ['worker', 'record', 'store', 'timing']],
  ['fleet/recorder-thread', ['worker']],
  ['spec', []],
  ['timing', []],
  ['stream', []],
  ['store', ['timing']],
  ['plan', ['spec', 'timing']],
  ['workload', ['spec', 'plan']],
  ['record', ['plan', 'timing']],
  ['target', ['spec', 'stream', 'timing']],
  ['load', ['plan', 'workload', 'target', 'timing']],
  ['worker', ['plan', 'workload', 'target', 'load', 'record', 'store', 'timing', 'spec/connection-headers']],
  ['fleet', ['plan', 'timing']],
  ['curve', ['spec', 'plan', 'record', 'timing']],
  ['report', ['spec', 'plan', 'curve']],
  ['aggregator', ['spec', 'plan', 'store', 'record', 'curve', 'report', 'timing/at-most']],
  ['sweep', ['spec', 'plan', 'timing', 'record/receipt', 'store/key-layout', 'store/json', 'aggregator/aggregator']],
  ['mock', ['timing', 'plan/seeded-random']],
  ['cli', ['*']],
  [
    'functions',
    [
      'package.json',
      'spec',
      'timing',
      'plan',
      'target',
      'record',
      'store',
      'worker',
      'fleet',
      'sweep',
      'curve',
      'report',
      'aggregator',
    ],
  ],
  ['cdk', ['functions/environment', 'spec', 'store/key-layout', 'target/allowed-targets', 'record/record-columns']],
];

/** Folders of which `sweep` may import types, and nothing but types. */
export const typesOnly: Readonly<Record<string, readonly string[]>> = {
  worker: ['spec'],
  sweep: ['fleet', 'store', 'aggregator', 'report'],
  aggregator: ['timing'],
  report: ['timing', 'store'],
};

/** The one place from which each package is imported, or the two. */
export const packageOwners: Readonly<Record<string, string | readonly [string, string]>> = {
  '@aws-sdk/client-s3': 'store/s3-',
  '@aws-sdk/client-lambda': ['fleet/lambda-', 'cli/cloud/executions'],
  '@aws-sdk/client-cloudformation': 'cli/cloud/stack',
  '@aws/durable-execution-sdk-js': ['sweep/durable-steps', 'functions/orchestrator'],
  '@aws-sdk/client-secrets-manager': 'worker/secret',
  '@aws-sdk/client-ssm': 'worker/secret',
  undici: 'target/http-target',
  arquero: 'curve/',
  hyparquet: 'record/',
  'hyparquet-writer': 'record/',
  zod: ['spec/', 'cdk/'],
  yaml: 'spec/',
  'fastest-levenshtein': ['spec/', 'cdk/'],
  'aws-cdk-lib': 'cdk/',
  constructs: 'cdk/',
  esbuild: 'functions/bundle',
  '@aws-lambda-powertools/logger': 'functions/',
  'aws-lambda': 'functions/worker',
  'ipaddr.js': 'target/address',
  '@observablehq/plot': 'report/',
  linkedom: 'report/',
  'cli-table3': 'report/',
  commander: 'cli/',
  'log-update': 'cli/',
};
