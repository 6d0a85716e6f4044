import { jsonReply, type Reply } from './reply.ts';

interface ErrorWords {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** The object that OpenAI puts into error bodies and into error events of a stream. */
export function openAiErrorObject(words: ErrorWords): object {
  const { message, type = 'invalid_request_error', param = null, code = null } = words;
  return { error: { message, type, param, code } };
}

/** An error as OpenAI's API answers it: https://platform.openai.com/docs/guides/error-codes. */
export function openAiError(status: number, words: ErrorWords, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonReply(status, openAiErrorObject(words), headers);
}

/** 401 without a key, or with a wrong one, of which only the ends are repeated. */
export function wrongKeyError(authorization: string | undefined): Reply {
  const key = /^bearer\s+(\S+)/i.exec(authorization ?? '')?.[1];
  if (key === undefined) {
    return openAiError(401, {
      message:
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    });
  }
  const shown = key.length < 12 ? '*'.repeat(key.length) : `${key.slice(0, 3)}${'*'.repeat(8)}${key.slice(-4)}`;
  return openAiError(401, { message: `Incorrect API key provided: ${shown}.`, code: 'invalid_api_key' });
}

export function rateLimitError(retryAfterSeconds: number, message: string): Reply {
  const words = { message, type: 'requests', code: 'rate_limit_exceeded' };
  return openAiError(429, words, { 'retry-after': String(retryAfterSeconds) });
}

export const serverErrorWords = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
};

/** 503 while the first replica starts, as endpoints answer that scale to zero. */
export const notReadyError: Reply = openAiError(503, {
  ...serverErrorWords,
  message: 'The endpoint is scaling up from zero. Please try again later.',
  code: 'TEMPORARILY_UNAVAILABLE',
});
