import type { Usage } from './dialect.ts';

/** Nothing counted. */
export const noUsage: Usage = {
  inputTokens: null,
  cachedInputTokens: null,
  outputTokens: null,
  reasoningTokens: null,
};

/** Later non-null values replace earlier ones, field by field; nothing is summed. */
export function laterUsage(earlier: Usage, later: Usage): Usage {
  return {
    inputTokens: later.inputTokens ?? earlier.inputTokens,
    cachedInputTokens: later.cachedInputTokens ?? earlier.cachedInputTokens,
    outputTokens: later.outputTokens ?? earlier.outputTokens,
    reasoningTokens: later.reasoningTokens ?? earlier.reasoningTokens,
  };
}
