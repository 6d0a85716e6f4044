import type { Clock } from '../timing/clock.ts';
import { headerOf } from './answer-headers.ts';
import { foreignText } from './foreign-text.ts';
import { isRecord, type JsonRecord, parseJson, textOf } from './json.ts';
import { post, type WholeAnswer } from './post.ts';
import { refusalEnding } from './refusal.ts';
import type { Target } from './target.ts';

/** Where the workspace of a serving endpoint gives tokens to service principals. */
export const tokenUrl = (url: string): string => `${new URL(url).origin}/oidc/v1/token`;

/** An access token and how long it is good for. */
export interface ClientToken {
  readonly token: string;
  readonly expiresInMs: number;
}

export interface ClientTokenOptions {
  /** The token endpoint. */
  readonly target: Target;
  readonly clientId: string;
  readonly secret: string;
  readonly clock: Clock;
  /** Aborted when the token is no longer wanted: it is then not tried any further. @default never */
  readonly leave?: AbortSignal;
}

/** No token could be had; the message says why and what to do, and repeats no secret. */
export class ClientTokenError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClientTokenError';
  }
}

const attempts = 3;
const withinMs = 5000;
const firstWaitMs = 500;
/** Where an answer doesn't say: as long as Databricks' own tokens live. */
const usualLifeMs = 3_600_000;

/**
 * A token for a client id and its secret, by OAuth's client credentials grant (RFC 6749, section 4.4) as Databricks
 * asks for it. Tried three times within about 16 s where the endpoint can't be reached or has a fault of its own.
 * @throws ClientTokenError
 */
export async function fetchClientToken(options: ClientTokenOptions): Promise<ClientToken> {
  const { clock, leave } = options;
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(options);
    if ('token' in outcome) return outcome;
    if (!outcome.passing || attempt === attempts) throw new ClientTokenError(outcome.why);
    await clock.sleepUntil(clock.nowUs() + firstWaitMs * 1000 * 3 ** (attempt - 1), leave);
    if (leave?.aborted) throw new ClientTokenError(outcome.why);
  }
}

/** Why there is no token, and whether it may be otherwise soon. */
interface Failure {
  readonly why: string;
  readonly passing: boolean;
}

async function tryOnce({ target, clientId, secret, clock, leave }: ClientTokenOptions): Promise<ClientToken | Failure> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'paretoken',
    authorization: basicAuthorization(clientId, secret),
  };
  const body = 'grant_type=client_credentials&scope=all-apis';
  try {
    return read(
      await post(target, { id: 'token', headers, body }, { clock, withinMs, ...(leave && { leave }) }),
      clientId,
    );
  } catch (cause) {
    const why = foreignText(cause instanceof Error ? cause.message : String(cause));
    return {
      why: `no token could be fetched from the workspace (${why}): check target.host, and that it can be reached from here`,
      passing: true,
    };
  }
}

/** Both are form-encoded before they are joined (RFC 6749, section 2.3.1). */
export function basicAuthorization(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

function read({ status, headers, body }: WholeAnswer, clientId: string): ClientToken | Failure {
  const value = parseJson(body);
  const isGiven = status >= 200 && status < 300;
  const token = isGiven && isRecord(value) ? tokenIn(value) : null;
  if (token !== null) return token;
  // What came with a good status may hold a token: nothing of it is told.
  const said = isGiven ? 'no JSON with an access_token that can be sent' : wordsOf({ status, headers, body }, value);
  return {
    why: `${refusedWords(status, clientId)} (status ${status}: ${said})`,
    passing: status === 429 || status >= 500,
  };
}

function tokenIn(value: JsonRecord): ClientToken | null {
  const token = textOf(value['access_token']);
  if (token === null || !/^[\x21-\x7e]+$/.test(token)) return null;
  const seconds = Number(value['expires_in'] ?? Number.NaN);
  return { token, expiresInMs: seconds > 0 ? seconds * 1000 : usualLifeMs };
}

function wordsOf({ status, headers, body }: WholeAnswer, value: unknown): string {
  const described = isRecord(value) ? textOf(value['error_description']) : null;
  const { message } = refusalEnding({ status, body, location: headerOf(headers, 'location') });
  return foreignText(described ?? message ?? '');
}

function refusedWords(status: number, clientId: string): string {
  if (status === 400 || status === 401 || status === 403) {
    return `the workspace gave no token to the client id ${clientId}: check target.auth.clientId, the OAuth secret that target.auth names, and that the service principal is in this workspace`;
  }
  if (status === 429 || status >= 500) return 'the workspace gave no token';
  return 'target.host does not give tokens as a Databricks workspace does: check it';
}
