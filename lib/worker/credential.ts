import type { PlannedTarget } from '../plan/assignment.ts';
import { basicAuthorization, type ClientToken, fetchClientToken, tokenUrl } from '../target/client-token.ts';
import type { Target } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { Secrets } from './ports.ts';
import { scrubber } from './scrub.ts';

/** What is sent so that the endpoint knows us, kept fresh beside the load. */
export interface Credential {
  /** The key or token to send now; null without auth. */
  value(): string | null;
  /** Takes everything secret out of foreign text. */
  scrub(text: string): string;
  /** Why a token could not be renewed in time; null: it could, or there was no need. */
  readonly failure: string | null;
  close(): void;
}

export interface CredentialOptions {
  readonly target: Pick<PlannedTarget, 'auth' | 'url'>;
  readonly secrets: Secrets;
  readonly clock: Clock;
  newTarget(url: string): Target;
}

/** A token is renewed when so much of its life is over, and after a failure tried again this often. */
const renewAfterShare = 0.8;
const renewAgainMs = 30_000;
const leastRenewMs = 10_000;

/**
 * Resolves the key that a target names, and of a service principal fetches a token for it.
 * @throws Error with what to do when there is no key or no token; nothing is sent to the endpoint then
 */
export async function openCredential({ target, secrets, clock, newTarget }: CredentialOptions): Promise<Credential> {
  const { auth } = target;
  if (auth === null) return keyCredential(null);
  const secret = await secrets.resolve(auth);
  const { clientId } = auth;
  if (clientId === undefined) return keyCredential(secret);
  const closing = new AbortController();
  const fetch = async () => {
    const place = newTarget(tokenUrl(target.url));
    try {
      return await fetchClientToken({ target: place, clientId, secret, clock, leave: closing.signal });
    } finally {
      await place.close();
    }
  };
  const known = [secret, basicAuthorization(clientId, secret).slice('Basic '.length)];
  const first = await fetch().catch((error: unknown) => {
    throw new Error(scrubber(known)(error instanceof Error ? error.message : String(error)));
  });
  return tokenCredential(first, { fetch, known, clock, closing });
}

function keyCredential(key: string | null): Credential {
  return { value: () => key, scrub: scrubber(key === null ? [] : [key]), failure: null, close: () => undefined };
}

interface Renewal {
  readonly fetch: () => Promise<ClientToken>;
  /** What is secret beside the tokens. */
  readonly known: string[];
  readonly clock: Clock;
  /** Ends what is under way. */
  readonly closing: AbortController;
}

/** Renews its token in good time; a token that can't be renewed is sent until it is refused. */
function tokenCredential(first: ClientToken, { fetch, known, clock, closing }: Renewal): Credential {
  let token = first.token;
  let failure: string | null = null;
  let cancel = () => {};
  known.push(token);
  const renewIn = (ms: number) => {
    cancel = clock.callAt(clock.nowUs() + Math.max(ms, leastRenewMs) * 1000, () => void renew());
  };
  const renew = async () => {
    const renewed = await fetch().catch((error: unknown) => {
      failure = scrubber(known)(error instanceof Error ? error.message : String(error));
      return null;
    });
    if (closing.signal.aborted) return;
    if (renewed === null) return renewIn(renewAgainMs);
    token = renewed.token;
    failure = null;
    known.push(token);
    renewIn(renewed.expiresInMs * renewAfterShare);
  };
  renewIn(first.expiresInMs * renewAfterShare);
  return {
    value: () => token,
    scrub: (text) => scrubber(known)(text),
    get failure() {
      return failure;
    },
    close() {
      closing.abort();
      cancel();
    },
  };
}
