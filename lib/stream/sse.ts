import { growingBytes } from './growing-bytes.ts';

/**
 * The longest line in bytes and the longest event in characters (each further `data` line charged `lineCharge` more).
 * What is longer is dropped and told as oversized.
 */
export const longestEvent = 16 * 1024 * 1024;
/** What a `data` line costs in memory beside its text. */
const lineCharge = 32;
/** A larger push is read in slices of this size, so that every line beyond the limit is met as a held one. */
const sliceBytes = 1024 * 1024;

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const colon = 58;
const letterD = 100;
const byteOrderMark = 0xfeff;

/** What a stream of server-sent events is made of, told in order. */
export interface SseListener {
  /** An event; `type` is `message` unless the server named it. Several `data` lines are joined with a newline. */
  event(type: string, data: string): void;
  /** The last event, when the body ended before the blank line that would have dispatched it. */
  unterminated(type: string, data: string): void;
  /** An event was longer than `longestEvent` and is dropped; told once for each such event, as soon as it is known. */
  oversized(): void;
  comment?(): void;
}

/** A push parser: bytes in, cut anywhere; events out, synchronously. */
export interface SseParser {
  push(bytes: Uint8Array): void;
  /** The body is over. */
  end(): void;
}

/**
 * Parses server-sent events (WHATWG HTML, section 9.2.6) from bytes. Lines are found on bytes and decoded whole, so a
 * character cut by a read stays whole; runs of whole lines are decoded at once, which is what makes it fast.
 */
export function sseParser(listener: SseListener): SseParser {
  const lines = eventLines(listener);
  const held = growingBytes();
  let afterCarriageReturn = false;
  let dropping = false;

  const hold = (bytes: Uint8Array) => {
    if (dropping) return;
    if (held.length + bytes.length > longestEvent) {
      dropping = true;
      held.clear();
      lines.oversizedLine();
      return;
    }
    held.append(bytes);
  };

  /** Ends the line that began in an earlier read; the answer is where the next line begins, or −1 without an end. */
  const endHeldLine = (chunk: Buffer, from: number): number => {
    const end = firstLineEnd(chunk, from);
    hold(end === -1 ? chunk.subarray(from) : chunk.subarray(from, end));
    if (end === -1) return -1;
    if (dropping) dropping = false;
    else lines.text(`${held.takeText()}\n`);
    if (chunk[end] !== carriageReturn) return end + 1;
    if (end + 1 === chunk.length) afterCarriageReturn = true;
    return chunk[end + 1] === lineFeed ? end + 2 : end + 1;
  };

  const pushSlice = (chunk: Buffer) => {
    let from = 0;
    if (afterCarriageReturn) {
      afterCarriageReturn = false;
      if (chunk[0] === lineFeed) from = 1;
    }
    if (held.length > 0 || dropping) {
      from = endHeldLine(chunk, from);
      if (from === -1) return;
    }
    const last = lastLineEnd(chunk, from);
    if (last >= from) {
      lines.text(chunk.toString('utf8', from, last + 1));
      afterCarriageReturn = chunk[last] === carriageReturn && last + 1 === chunk.length;
      from = last + 1;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
  };

  return {
    push(bytes) {
      if (bytes.length === 0) return;
      const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      if (chunk.length <= sliceBytes) return pushSlice(chunk);
      for (let from = 0; from < chunk.length; from += sliceBytes) pushSlice(chunk.subarray(from, from + sliceBytes));
    },
    end() {
      if (held.length > 0) lines.text(`${held.takeText()}\n`);
      lines.end();
    },
  };
}

function firstLineEnd(chunk: Buffer, from: number): number {
  const feed = chunk.indexOf(lineFeed, from);
  const carriage = (feed === -1 ? chunk : chunk.subarray(0, feed)).indexOf(carriageReturn, from);
  return carriage === -1 ? feed : carriage;
}

function lastLineEnd(chunk: Buffer, from: number): number {
  const last = chunk.length - 1;
  if (last < from || chunk[last] === lineFeed || chunk[last] === carriageReturn) return last;
  return Math.max(chunk.lastIndexOf(lineFeed), chunk.lastIndexOf(carriageReturn));
}

interface EventLines {
  /** Whole lines, the last one with its end. */
  text(lines: string): void;
  oversizedLine(): void;
  end(): void;
}

/** The second half of the parser: decoded lines to events. */
function eventLines(listener: SseListener): EventLines {
  let atStart = true;
  let type = '';
  let data = '';
  let dataLines = 0;
  let dataCharge = 0;
  let oversized = false;

  const reset = () => {
    type = '';
    data = '';
    dataLines = 0;
    dataCharge = 0;
    oversized = false;
  };
  const overflow = () => {
    if (!oversized) listener.oversized();
    reset();
    oversized = true;
  };
  const dispatch = () => {
    if (dataLines > 0) listener.event(type === '' ? 'message' : type, data);
    reset();
  };
  const addData = (text: string) => {
    if (oversized) return;
    dataCharge += text.length + (dataLines === 0 ? 0 : lineCharge);
    if (dataCharge > longestEvent) return overflow();
    // A substring keeps the text that it was cut from alive: lines that wait for others are copied.
    data = dataLines === 0 ? text : `${dataLines === 1 ? copyOf(data) : data}\n${copyOf(text)}`;
    dataLines += 1;
  };
  const field = (line: string) => {
    const nameEnd = line.indexOf(':');
    const name = nameEnd === -1 ? line : line.slice(0, nameEnd);
    const value = nameEnd === -1 ? '' : line.slice(line.charCodeAt(nameEnd + 1) === space ? nameEnd + 2 : nameEnd + 1);
    // `id` and `retry` steer reconnecting, which a measured request never does.
    if (name === 'data') addData(value);
    else if (name === 'event') type = value;
  };
  const readLines = (text: string) => {
    let at = atStart && text.charCodeAt(0) === byteOrderMark ? 1 : 0;
    atStart = false;
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      const first = text.charCodeAt(at);
      if (end === at) dispatch();
      else if (first === letterD && text.startsWith('data:', at)) {
        addData(text.slice(text.charCodeAt(at + 5) === space ? at + 6 : at + 5, end));
      } else if (first === colon) listener.comment?.();
      else field(text.slice(at, end));
      at = end + 1;
    }
  };

  return {
    text: (lines) => readLines(lines.includes('\r') ? lines.replaceAll(/\r\n?/g, '\n') : lines),
    oversizedLine() {
      atStart = false;
      overflow();
    },
    end() {
      if (dataLines > 0) listener.unterminated(type === '' ? 'message' : type, data);
      reset();
    },
  };
}

function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
