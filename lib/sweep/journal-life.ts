import type { Journal } from '../store/journal.ts';
import { type Remembered, whatIsKept } from './cut-off.ts';

/**
 * Begins the journal of one process, `paretoken.journal.v1`: each stands at the head of what that process remembered.
 * The first lines, up to `kept`, still hold; what came after them was taken back.
 */
interface Life {
  readonly schema: 'paretoken.journal.v1';
  readonly beganAtEpochMs: number;
  readonly kept: number;
  /** The stage that the process before had begun and not ended; null when there is none. */
  readonly cutOff: number | null;
}

/** The journal does not tell of the sweep that is asked for. */
export class JournalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalError';
  }
}

/**
 * Opens a journal for this process, and gives what still holds of what earlier ones remembered. The stage in which a
 * process died or was stopped is remembered as launched by nobody: its workers have died too.
 */
export async function beginLife(journal: Journal, nowEpochMs: number): Promise<readonly Remembered[]> {
  const before = readRemembered(await journal.read());
  const life: Life = { schema: 'paretoken.journal.v1', beganAtEpochMs: nowEpochMs, ...whatIsKept(before) };
  await journal.append(JSON.stringify(life));
  return heldBy(life, before);
}

/** What the lines of a journal remember, life by life. */
export function readRemembered(lines: readonly string[]): readonly Remembered[] {
  let remembered: Remembered[] = [];
  lines.forEach((line, index) => {
    const read = readLine(line, index);
    if ('schema' in read) remembered = heldBy(read, remembered);
    else remembered.push(read);
  });
  return remembered;
}

function heldBy({ kept, cutOff }: Life, before: readonly Remembered[]): Remembered[] {
  const launchedByNobody = cutOff === null ? [] : [{ name: `launch-${cutOff}`, value: null }];
  return [...before.slice(0, kept), ...launchedByNobody];
}

function readLine(line: string, index: number): Life | Remembered {
  try {
    const read: unknown = JSON.parse(line);
    if (isLife(read) || (index > 0 && isRemembered(read))) return read;
  } catch (cause) {
    throw new JournalError(
      `line ${index + 1} of the sweep's journal is no JSON: the file was changed or damaged, and the sweep can't be resumed`,
      {
        cause,
      },
    );
  }
  throw new JournalError(
    `line ${index + 1} of the sweep's journal is not of paretoken.journal.v1, and the sweep can't be resumed`,
  );
}

function isLife(read: unknown): read is Life {
  return typeof read === 'object' && read !== null && 'schema' in read && read.schema === 'paretoken.journal.v1';
}

function isRemembered(read: unknown): read is Remembered {
  return typeof read === 'object' && read !== null && 'name' in read && typeof read.name === 'string';
}
