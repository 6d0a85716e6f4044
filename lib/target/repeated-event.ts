import type { Dialect, Signal } from './dialect.ts';

/** Reads one event of a stream. */
export type ReadEvent = (type: string, data: string) => readonly Signal[];

/** So many events in a row that helped no later one, and nothing more is learned from this answer. */
const lessonsInVain = 16;

const quote = 34;
const backslash = 92;
const firstPrintable = 32;

/** An event and the string in it that may change: everything before it and everything after it. */
interface Learned {
  readonly type: string;
  readonly before: string;
  readonly after: string;
  readonly signals: readonly Signal[];
}

/**
 * The dialect's `read`, sparing the JSON of events that repeat the one before but for a payload. Nearly all events of a
 * stream do: if the text around the string under one of the dialect's payload keys is the same, and that string is
 * again non-empty and free of quotes, escapes and control characters, the event is the same JSON with another payload,
 * and the dialect says that this means the same. Parsing JSON is most of the cost of reading a stream.
 */
export function repeatedEventReader(dialect: Dialect): ReadEvent {
  let learned: Learned | null = null;
  let vain = 0;
  return (type, data) => {
    if (learned !== null && repeats(learned, type, data)) {
      vain = 0;
      return learned.signals;
    }
    const signals = dialect.read({ type, data });
    if (vain < lessonsInVain && signals.length > 0 && signals.every(mayRepeat)) {
      vain += 1;
      learned = learn(dialect.payloadKeys, { type, data, signals });
    }
    return signals;
  };
}

function repeats({ type, before, after }: Learned, typeNow: string, data: string): boolean {
  const end = data.length - after.length;
  if (end <= before.length || typeNow !== type) return false;
  // Comparing whole strings is several times faster than startsWith and endsWith.
  return data.slice(0, before.length) === before && data.slice(end) === after && isPlain(data, before.length, end);
}

/** No character ends the JSON string early, escapes, or is not allowed in one. */
function isPlain(data: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = data.charCodeAt(at);
    if (code === quote || code === backslash || code < firstPrintable) return false;
  }
  return true;
}

/** Signals that do not quote the event, of an event that was JSON. */
function mayRepeat({ kind }: Signal): boolean {
  return kind === 'identity' || kind === 'token' || kind === 'usage';
}

function learn(
  payloadKeys: readonly string[],
  { type, data, signals }: { type: string; data: string; signals: readonly Signal[] },
): Learned | null {
  for (const key of payloadKeys) {
    // In valid JSON a quoted name before a colon is always a key: inside of a string its quotes would be escaped.
    const name = data.indexOf(`"${key}":`);
    if (name === -1) continue;
    const colon = name + key.length + 3;
    const from = data.startsWith(' "', colon) ? colon + 2 : colon + 1;
    const end = data.indexOf('"', from);
    if (data.charCodeAt(from - 1) !== quote || end <= from || !isPlain(data, from, end)) continue;
    return { type, before: flat(data.slice(0, from)), after: flat(data.slice(end)), signals };
  }
  return null;
}

/** A string of its own instead of a view of a larger one: compared faster, and the larger one can be freed. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}
