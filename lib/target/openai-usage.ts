import type { Usage } from './dialect.ts';
import { isRecord, type JsonRecord } from './json.ts';

/**
 * Usage as OpenAI-like servers report it; null when not one count is there. Reasoning and cached tokens stand in
 * `…_details`, or beside the others (SGLang, DeepSeek).
 */
export function openaiUsage(value: unknown): Usage | null {
  if (!isRecord(value)) return null;
  const usage: Usage = {
    inputTokens: count(value['prompt_tokens']),
    cachedInputTokens:
      count(detail(value, 'prompt_tokens_details')['cached_tokens']) ?? count(value['prompt_cache_hit_tokens']),
    outputTokens: count(value['completion_tokens']),
    reasoningTokens:
      count(detail(value, 'completion_tokens_details')['reasoning_tokens']) ?? count(value['reasoning_tokens']),
  };
  const empty = usage.inputTokens === null && usage.outputTokens === null && usage.cachedInputTokens === null;
  return empty && usage.reasoningTokens === null ? null : usage;
}

const nothing: JsonRecord = {};

function detail(value: JsonRecord, key: string): JsonRecord {
  const details = value[key];
  return isRecord(details) ? details : nothing;
}

function count(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}
