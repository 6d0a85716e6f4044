import { connect, type Socket } from 'node:net';

/** An answer as a bare reader saw it: when each event had arrived. */
export interface BareAnswer {
  /** Reads the bytes, which is no longer of the time that is measured. */
  stampsUs(): readonly number[];
}

/** A socket that is read by Node and by nothing else. */
export interface BareReader {
  post(url: URL, id: string, body: string): Promise<BareAnswer>;
  close(): void;
}

interface Read {
  readonly atUs: number;
  readonly bytes: Buffer;
}

/**
 * The least that a client on Node can do: a stamp and a copy for each read, no HTTP, no events. What it costs and how
 * late it is are the floor of the machine: no client on Node is below.
 */
export function bareReader(nowUs: () => number): BareReader {
  const landing = Buffer.allocUnsafe(256 * 1024);
  let socket: Socket | null = null;
  let reads: Read[] = [];
  let onEnd: () => void = () => undefined;
  const opened = (url: URL) => {
    socket ??= connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: landing,
        callback(length, buffer) {
          const atUs = nowUs();
          const bytes = Buffer.from(buffer.subarray(0, length));
          reads.push({ atUs, bytes });
          // The last chunk of an answer in chunks.
          if (bytes[length - 5] === 48 && bytes[length - 1] === 10 && bytes[length - 3] === 10) onEnd();
          return true;
        },
      },
    });
    return socket;
  };
  return {
    async post(url, id, body) {
      reads = [];
      const ended = new Promise<void>((resolve) => {
        onEnd = resolve;
      });
      const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nx-request-id: ${id}\r\ncontent-length: ${body.length}\r\n\r\n`;
      opened(url).write(head + body);
      await ended;
      const seen = reads;
      return { stampsUs: () => eventTimes(seen) };
    },
    close: () => void socket?.destroy(),
  };
}

/** The time of the read that ended each event with a text. */
function eventTimes(reads: readonly Read[]): number[] {
  const whole = Buffer.concat(reads.map(({ bytes }) => bytes)).toString('latin1');
  const times: number[] = [];
  let read = 0;
  let readTo = reads[0]?.bytes.length ?? 0;
  for (let at = whole.indexOf('"content":"'); at >= 0; at = whole.indexOf('"content":"', at + 1)) {
    const end = whole.indexOf('\n\n', at) + 2;
    while (readTo < end && read + 1 < reads.length) readTo += reads[++read]?.bytes.length ?? 0;
    times.push(reads[read]?.atUs ?? Number.NaN);
  }
  return times;
}
