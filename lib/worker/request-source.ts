import type { Assignment } from '../plan/assignment.ts';
import { isParity } from '../plan/pass.ts';
import { isOfTheConnection } from '../spec/connection-headers.ts';
import type { Dialect } from '../target/dialect.ts';
import type { OutgoingRequest } from '../target/target.ts';
import { askedBy } from '../workload/asked.ts';
import { syntheticPrompt, wordsForTokens } from '../workload/prompt.ts';
import type { Row } from '../workload/row.ts';

export interface RequestSourceOptions {
  readonly assignment: Assignment;
  readonly dialect: Dialect;
  /** The key or token to send now; null without auth. */
  readonly keyNow: () => string | null;
  /** Rows of the workload's file; null without one. */
  readonly rows: readonly Row[] | null;
}

/** What may differ between requests of one assignment. */
export interface RequestParts {
  readonly stream: number;
  readonly ordinal: number;
  /** Of a synthetic prompt; null: as many as the workload asks for. */
  readonly words: number | null;
  readonly usageInStream: boolean;
}

/** Writes the requests of an assignment: each with an id and a prompt of its own, drawn from the seed. */
export function requestSource({
  assignment,
  dialect,
  keyNow,
  rows,
}: RequestSourceOptions): (parts: RequestParts) => OutgoingRequest {
  const { target, stage, worker, sweepId, seed, wordsToTokens } = assignment;
  const askedOf = askedBy({ ...assignment, rows });
  const common = headersOf(target.headers);
  return ({ stream, ordinal, words, usageInStream }) => {
    const id = `s${String(stage.stage).padStart(4, '0')}-w${String(worker).padStart(4, '0')}-${stream}-${ordinal}`;
    const { messages, inputTokens, outputTokens } = askedOf(stream, ordinal);
    const count = words ?? wordsForTokens(inputTokens ?? stage.cell.inputTokens, wordsToTokens);
    const body = dialect.body({
      model: target.model,
      prompt: messages === null ? syntheticPrompt(count, seed, sweepId, id) : '',
      messages,
      stream: !isParity(stage.pass),
      maxOutputTokens: outputTokens,
      exactly: false,
      usageInStream,
      parameters: target.parameters,
    });
    return { id, headers: { ...common, ...authHeader(target.auth, keyNow()), 'x-request-id': id }, body };
  };
}

/** The user's headers win over ours, whatever their case. */
function headersOf(own: Readonly<Record<string, string>>): Record<string, string> {
  // An assignment that was forged never met the spec's own check.
  const lowerCased = Object.entries(own)
    .filter(([name]) => !isOfTheConnection(name))
    .map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    'accept-encoding': 'identity',
    'user-agent': 'paretoken',
    ...Object.fromEntries(lowerCased),
  };
}

function authHeader(auth: Assignment['target']['auth'], secret: string | null): Record<string, string> {
  if (auth === null || secret === null || isOfTheConnection(auth.header)) return {};
  const name = auth.header.toLowerCase();
  return { [name]: name === 'authorization' ? `Bearer ${secret}` : secret };
}
