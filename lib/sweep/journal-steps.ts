import type { AggregatorCall } from '../aggregator/aggregator.ts';
import type { Journal } from '../store/journal.ts';
import type { Remembered } from './cut-off.ts';
import { JournalError } from './journal-life.ts';
import { type PlainStepsOptions, plainSteps } from './plain-steps.ts';
import type { Steps } from './steps.ts';

export interface JournalStepsOptions extends PlainStepsOptions {
  readonly journal: Journal;
  /** What earlier processes remembered and still holds, in order. */
  readonly remembered: readonly Remembered[];
}

/**
 * Steps of a sweep that outlives its process: each result is a line of the journal before the sweep goes on. What is
 * remembered is given back without a step being taken or a moment being waited for.
 */
export function journalSteps({ journal, remembered, ...plain }: JournalStepsOptions): Steps {
  const live = plainSteps(plain);
  let next = 0;
  const remember = async <T>(name: string, take: () => Promise<T>): Promise<T> => {
    const known = remembered[next];
    if (known !== undefined && known.name !== name) throw new JournalError(notInOrder(known.name, name));
    next += 1;
    if (known !== undefined) return known.value as T;
    const line = JSON.stringify({ name, value: await take() });
    await journal.append(line);
    // As a later process would be given it.
    return (JSON.parse(line) as Remembered).value as T;
  };
  return {
    step: remember,
    waitUntil: (name, epochMs) => remember(name, () => live.waitUntil(name, epochMs)),
    call: <C extends AggregatorCall>(name: string, call: C) => remember(name, () => live.call(name, call)),
  };
}

function notInOrder(known: string, name: string): string {
  return `the sweep's journal remembers ${known} where ${name} is to be done: it tells of another sweep, or was changed`;
}
