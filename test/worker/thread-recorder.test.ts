import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { threadRecorder } from '../../lib/worker/thread-recorder.ts';
import { request } from '../record/request.ts';

/** A thread that hears all and answers nothing, as one does whose store hangs. */
const silent = () => new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true });

describe("a recorder's thread", () => {
  test('that does not come to its end is ended when it is abandoned', async () => {
    const thread = silent();
    const exited = once(thread, 'exit');
    const recorder = threadRecorder(thread);
    recorder.add(request({}));
    const closing = recorder.close();
    await recorder.abandon();
    await exited;
    assert.deepEqual(await closing, { parts: 0, rows: 0, lost: 1, failure: "the recorder's thread ended early" });
  });
  test('that is gone takes no more, and that is no error', async () => {
    const recorder = threadRecorder(silent());
    await recorder.abandon();
    recorder.add(request({}));
    await recorder.flush();
    await recorder.abandon();
  });
});
