import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { outliveReaders } from '../../lib/cli/closed-output.ts';

test('a reader that is gone is passed over in silence, any other fault of a stream is told', () => {
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  const told: string[] = [];
  outliveReaders([stdout, stderr], ({ message }) => told.push(message));
  stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  stderr.emit('error', Object.assign(new Error('write EIO'), { code: 'EIO' }));
  stdout.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  assert.deepEqual(told, ['no space left']);
});

test('paretoken init into a pipe that nobody reads: no stack, exit 0', async () => {
  const entry = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'main.ts');
  const child = spawn(process.execPath, [entry, 'init'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let told = '';
  child.stderr.on('data', (data) => {
    told += data;
  });
  const [code] = await once(child, 'close');
  assert.deepEqual([code, told], [0, '']);
});
