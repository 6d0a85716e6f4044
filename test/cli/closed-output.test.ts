import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { outliveReaders, readerOf } from '../../lib/cli/closed-output.ts';

test('a reader that is gone is passed over in silence, any other fault of a stream is told', () => {
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  const told: string[] = [];
  outliveReaders([stdout, stderr], ({ message }) => told.push(message));
  stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  stderr.emit('error', Object.assign(new Error('write EIO'), { code: 'EIO' }));
  stdout.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  assert.deepEqual(told, ['no space left']);
});

test('a command that only prints is told that its reader is gone, not of other faults, and not after its end', () => {
  const stdout = new EventEmitter();
  outliveReaders([stdout], () => undefined);
  const [reader, over] = [readerOf(stdout), readerOf(stdout)];
  over.close();
  stdout.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  assert.equal(reader.gone.aborted, false);
  stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  assert.deepEqual([reader.gone.aborted, over.gone.aborted], [true, false]);
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
