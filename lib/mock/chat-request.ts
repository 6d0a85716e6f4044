import { openAiError } from './openai-error.ts';
import type { Reply } from './reply.ts';

/** What a chat completion request asks of the mock. */
export interface ChatRequest {
  /** Null: the endpoint's own. */
  readonly model: string | null;
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** `ignore_eos`: go on until `maxTokens`. */
  readonly exactly: boolean;
  readonly stream: boolean;
  readonly hasStreamOptions: boolean;
  readonly includeUsage: boolean;
}

/** A request, or the 400 that it gets. */
export type ParsedChatRequest = { readonly request: ChatRequest } | { readonly refusal: Reply };

const defaultMaxTokens = 16;
const mostTokens = 1_000_000;

type Body = Readonly<Record<string, unknown>>;

/** Reads the body of a chat completion; what is wrong with it is told in OpenAI's words. */
export function parseChatRequest(text: string, templateTokens = 0): ParsedChatRequest {
  const body = parseObject(text);
  if (!body) return { refusal: refusal(null, null, 'We could not parse the JSON body of your request.') };
  const fault = firstFault(body);
  if (fault) return { refusal: fault };
  const streamOptions = asObject(body['stream_options']);
  return {
    request: {
      model: typeof body['model'] === 'string' ? body['model'] : null,
      inputTokens: countMessages(body['messages']) + templateTokens,
      maxTokens: Number(body['max_completion_tokens'] ?? body['max_tokens'] ?? defaultMaxTokens),
      exactly: body['ignore_eos'] === true,
      stream: body['stream'] === true,
      hasStreamOptions: streamOptions !== null,
      includeUsage: streamOptions?.['include_usage'] === true,
    },
  };
}

function firstFault(body: Body): Reply | null {
  return messagesFault(body['messages']) ?? tokenLimitsFault(body) ?? optionFault(body);
}

function messagesFault(messages: unknown): Reply | null {
  if (messages === undefined) {
    return refusal('messages', 'missing_required_parameter', "Missing required parameter: 'messages'.");
  }
  if (!Array.isArray(messages)) return wrongType('messages', 'an array of objects', messages);
  if (messages.length === 0) return refusal('messages', 'empty_array', "Invalid 'messages': empty array.");
  const index = messages.findIndex((message) => !isMessage(message));
  return index < 0 ? null : wrongType(`messages[${index}]`, 'an object with role and content', messages[index]);
}

function tokenLimitsFault(body: Body): Reply | null {
  const { max_tokens: older, max_completion_tokens: newer } = body;
  const fault = tokenLimitFault('max_tokens', older) ?? tokenLimitFault('max_completion_tokens', newer);
  if (fault) return fault;
  if (!isGiven(older) || !isGiven(newer)) return null;
  const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
  return refusal('max_tokens', 'invalid_parameter_combination', message);
}

function tokenLimitFault(name: string, value: unknown): Reply | null {
  if (!isGiven(value)) return null;
  if (!Number.isSafeInteger(value)) return wrongType(name, 'an integer', value);
  if (Number(value) < 1) {
    const message = `Invalid '${name}': integer below minimum value. Expected a value >= 1, but got ${value} instead.`;
    return refusal(name, 'integer_below_min_value', message);
  }
  if (Number(value) <= mostTokens) return null;
  const message = `${name} is too large: ${value}. This model supports at most ${mostTokens} completion tokens.`;
  return refusal(name, 'invalid_value', message);
}

function optionFault(body: Body): Reply | null {
  const { model, stream, stream_options: streamOptions, n } = body;
  if (isGiven(model) && typeof model !== 'string') return wrongType('model', 'a string', model);
  if (isGiven(stream) && typeof stream !== 'boolean') return wrongType('stream', 'a boolean', stream);
  if (isGiven(n) && n !== 1) return refusal('n', 'unsupported_value', 'Only one choice is offered: n must be 1.');
  if (!isGiven(streamOptions)) return null;
  if (!asObject(streamOptions)) return wrongType('stream_options', 'an object', streamOptions);
  if (stream === true) return null;
  const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
  return refusal('stream_options', null, message);
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

function wrongType(param: string, expected: string, value: unknown): Reply {
  const got = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return refusal(param, 'invalid_type', `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`);
}

function refusal(param: string | null, code: string | null, message: string): Reply {
  return openAiError(400, { message, param, code });
}

function parseObject(text: string): Body | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Body | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
}

/** A role, and as content a text, a list of parts, or null as in a tool call. */
function isMessage(value: unknown): boolean {
  const message = asObject(value);
  if (typeof message?.['role'] !== 'string') return false;
  const content = message['content'];
  return typeof content === 'string' || content === null || content === undefined || Array.isArray(content);
}

/** Words of all messages; a list of parts counts its texts. */
function countMessages(messages: unknown): number {
  let words = 0;
  for (const message of Array.isArray(messages) ? messages : []) {
    const content: unknown = asObject(message)?.['content'];
    const parts = Array.isArray(content) ? content.map((part) => asObject(part)?.['text']) : [content];
    for (const text of parts) if (typeof text === 'string') words += countWords(text);
  }
  return words;
}

/** Runs of characters between blanks (space and control characters); no allocation, for prompts can be long. */
export function countWords(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const isBlank = text.charCodeAt(i) <= 32;
    if (!isBlank && !inWord) words += 1;
    inWord = !isBlank;
  }
  return words;
}
