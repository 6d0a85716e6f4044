import type { MessagePort, Worker } from 'node:worker_threads';
import type { RequestRecord } from '../record/request-record.ts';
import type { Recorded, Recorder } from './recorder.ts';

type ToRecorder =
  | { readonly kind: 'add'; readonly record: RequestRecord }
  | { readonly kind: 'flush'; readonly call: number }
  | { readonly kind: 'close'; readonly call: number };

interface FromRecorder {
  readonly call: number;
  readonly recorded: Recorded | null;
}

/** A recorder in a thread of its own, so that encoding and storing never hold up a stamp. */
export function threadRecorder(thread: Worker): Recorder {
  const waiting = new Map<number, (recorded: Recorded | null) => void>();
  let calls = 0;
  let added = 0;
  let failure: string | null = null;
  let dead = false;
  thread.on('message', ({ call, recorded }: FromRecorder) => {
    waiting.get(call)?.(recorded);
    waiting.delete(call);
  });
  thread.on('error', (error) => {
    failure = `the recorder's thread failed: ${error.message}`;
  });
  thread.on('exit', () => {
    dead = true;
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  });
  const send = (message: ToRecorder) => {
    if (!dead) thread.postMessage(message);
  };
  const ask = (kind: 'flush' | 'close') =>
    new Promise<Recorded | null>((resolve) => {
      if (dead) return resolve(null);
      const call = calls++;
      waiting.set(call, resolve);
      send({ kind, call });
    });
  return {
    add(record) {
      added += 1;
      send({ kind: 'add', record });
    },
    async flush() {
      await ask('flush');
    },
    async close() {
      const recorded = await ask('close');
      await thread.terminate();
      return recorded ?? { parts: 0, rows: 0, lost: added, failure: failure ?? "the recorder's thread ended early" };
    },
    async abandon() {
      await thread.terminate();
    },
  };
}

/** The other side: serves a recorder to the thread that made this one. */
export function serveRecorder(port: MessagePort, recorder: Recorder): void {
  port.on('message', async (message: ToRecorder) => {
    if (message.kind === 'add') return recorder.add(message.record);
    const recorded = message.kind === 'close' ? await recorder.close() : await recorder.flush().then(() => null);
    const answer: FromRecorder = { call: message.call, recorded };
    port.postMessage(answer);
  });
}
