import type { Steps } from '../lib/sweep/steps.ts';

export type LogEntry = Readonly<Record<string, unknown>>;

/** A log of what a durable execution does, each thing once however often the execution is replayed. */
export interface LiveLog {
  /** Logged when the next step is taken. */
  add(entry: LogEntry): void;
  /** A step that logs what waits when its body is run; where its result is remembered, all of that was logged before. */
  aware(step: Steps['step']): Steps['step'];
  flush(): void;
}

export function liveLog(write: (entry: LogEntry) => void): LiveLog {
  let waiting: LogEntry[] = [];
  const flush = () => {
    for (const entry of waiting) write(entry);
    waiting = [];
  };
  return {
    add: (entry) => void waiting.push(entry),
    aware: (step) => async (name, body) => {
      let taken = false;
      const result = await step(name, () => {
        taken = true;
        flush();
        return body();
      });
      if (!taken) waiting = [];
      return result;
    },
    flush,
  };
}
