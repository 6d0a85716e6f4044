import type { Ask } from './dialect.ts';

/**
 * The body of a chat completions request. The user's parameters win over everything but `stream`; `max_tokens` is left
 * out where they name the limit `max_completion_tokens`, and `stream_options` where nothing is streamed (servers
 * answer 400).
 */
export function openaiBody(ask: Ask): string {
  const { parameters } = ask;
  const body: Record<string, unknown> = {
    ...(ask.model === null ? {} : { model: ask.model }),
    messages: ask.messages ?? [{ role: 'user', content: ask.prompt }],
    ...('max_completion_tokens' in parameters ? {} : { max_tokens: ask.maxOutputTokens }),
    ...(ask.exactly ? { min_tokens: ask.maxOutputTokens, ignore_eos: true } : {}),
    ...(ask.usageInStream ? { stream_options: { include_usage: true } } : {}),
    ...parameters,
    stream: ask.stream,
  };
  if (!ask.stream) delete body['stream_options'];
  return JSON.stringify(body);
}

/**
 * The URL of chat completions: of a path that ends in /v1, and of no path, the chat completions under it; any other
 * path is taken as it is. The query stays.
 */
export function openaiEndpoint(url: string): string {
  const endpoint = new URL(url);
  endpoint.hash = '';
  if (endpoint.pathname === '/') endpoint.pathname = '/v1';
  if (/\/v1\/?$/.test(endpoint.pathname))
    endpoint.pathname = `${endpoint.pathname.replace(/\/$/, '')}/chat/completions`;
  return endpoint.href;
}
