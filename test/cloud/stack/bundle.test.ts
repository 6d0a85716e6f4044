import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { bundleFunctions } from '../../../functions/bundle.ts';

/** What the stack tells the functions. */
const env = {
  AWS_REGION: 'us-east-1',
  PARETOKEN_BUCKET: 'bucket',
  PARETOKEN_WORKER: 'worker',
  PARETOKEN_AGGREGATOR: 'aggregator',
  PARETOKEN_ALLOWED_TARGETS: '[]',
  PARETOKEN_WORKER_TIMEOUT_SECONDS: '900',
  PARETOKEN_LONGEST_SWEEP_SECONDS: '86400',
};

/** Packages that are asked for where they may be missing: linkedom's canvas, S3's multi-region access points. */
const optional = ['canvas', '@aws-sdk/signature-v4-crt', '@aws-sdk/signature-v4a'];

const asked = /(?:^import\s[^;]*?from\s|^import\s|\b(?:__)?require\()["']([^"'\n]+)["']/gm;

describe('the bundles', { timeout: 120_000 }, () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paretoken-bundles-'));
    await bundleFunctions(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const name of ['orchestrator', 'worker', 'aggregator']) {
    it(`${name}: starts with nothing but Node, and has a handler`, async () => {
      const script = "const { handler } = await import('./index.mjs'); process.stdout.write(typeof handler)";
      const flags = ['--input-type=module', '--eval', script];
      const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: join(folder, name), env });
      assert.equal(stdout, 'function');
    });

    it(`${name}: asks for Node's own modules alone`, async () => {
      for (const file of (await readdir(join(folder, name))).filter((one) => one.endsWith('.mjs'))) {
        const text = await readFile(join(folder, name, file), 'utf8');
        const packages = [...text.matchAll(asked)].map(([, module = '']) => module).filter((one) => !isBuiltin(one));
        assert.deepEqual(
          packages.filter((one) => !optional.includes(one)),
          [],
        );
      }
    });
  }

  it('worker: has the recorder’s thread beside it, where it looks for it', async () => {
    assert.deepEqual((await readdir(join(folder, 'worker'))).sort(), [
      'LICENCES.txt',
      'index.mjs',
      'recorder-entry.mjs',
    ]);
  });

  it('carry the licences of what is in them, and of nothing else', async () => {
    const worker = await readFile(join(folder, 'worker', 'LICENCES.txt'), 'utf8');
    assert.match(worker, /^undici \d.*MIT[\s\S]*Permission is hereby granted/m);
    assert.doesNotMatch(worker, /^arquero /m);
    assert.match(await readFile(join(folder, 'aggregator', 'LICENCES.txt'), 'utf8'), /^arquero \d/m);
  });
});
