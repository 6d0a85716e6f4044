import type { Assignment } from '../plan/assignment.ts';
import type { Dialect } from '../target/dialect.ts';
import type { OutgoingRequest } from '../target/target.ts';
import { syntheticPrompt } from '../workload/prompt.ts';

export interface RequestSourceOptions {
  readonly assignment: Assignment;
  readonly dialect: Dialect;
  /** The key, resolved; null without auth. */
  readonly secret: string | null;
}

/** What may differ between requests of one assignment. */
export interface RequestParts {
  readonly stream: number;
  readonly ordinal: number;
  readonly words: number;
  readonly usageInStream: boolean;
}

/** Writes the requests of an assignment: each with an id and a prompt of its own, drawn from the seed. */
export function requestSource({
  assignment,
  dialect,
  secret,
}: RequestSourceOptions): (parts: RequestParts) => OutgoingRequest {
  const { target, stage, worker, sweepId, seed } = assignment;
  const common = { ...headersOf(target.headers), ...authHeader(target.auth, secret) };
  return ({ stream, ordinal, words, usageInStream }) => {
    const id = `s${String(stage.stage).padStart(4, '0')}-w${String(worker).padStart(4, '0')}-${stream}-${ordinal}`;
    const body = dialect.body({
      model: target.model,
      prompt: syntheticPrompt(words, seed, sweepId, id),
      stream: true,
      maxOutputTokens: stage.cell.outputTokens,
      exactly: false,
      usageInStream,
      parameters: target.parameters,
    });
    return { id, headers: { ...common, 'x-request-id': id }, body };
  };
}

/** The user's headers win over ours, whatever their case. */
function headersOf(own: Readonly<Record<string, string>>): Record<string, string> {
  const lowerCased = Object.entries(own).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    'accept-encoding': 'identity',
    'user-agent': 'paretoken',
    ...Object.fromEntries(lowerCased),
  };
}

function authHeader(auth: Assignment['target']['auth'], secret: string | null): Record<string, string> {
  if (auth === null || secret === null) return {};
  const name = auth.header.toLowerCase();
  return { [name]: name === 'authorization' ? `Bearer ${secret}` : secret };
}
