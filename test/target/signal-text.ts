import type { Signal, Usage } from '../../lib/target/dialect.ts';

/** The signals of one event as the fixtures write them: `text + usage in 12 out 1`. Identity is left out. */
export function signalText(signals: readonly Signal[]): string {
  const words = signals.filter(({ kind }) => kind !== 'identity').map(wordOf);
  return words.length === 0 ? 'nothing' : words.join(' + ');
}

function wordOf(signal: Signal): string {
  switch (signal.kind) {
    case 'token':
      return signal.of;
    case 'usage':
      return `usage${usageText(signal.usage)}${signal.alone ? ' alone' : ''}`;
    case 'finish':
      return `finish ${signal.reason}`;
    case 'error':
      return `error ${signal.type ?? '-'}${signal.throttled ? ' throttled' : ''}: ${signal.message}`;
    default:
      return signal.kind;
  }
}

function usageText({ inputTokens, cachedInputTokens, outputTokens, reasoningTokens }: Usage): string {
  const counts = { in: inputTokens, cached: cachedInputTokens, out: outputTokens, reasoning: reasoningTokens };
  return Object.entries(counts)
    .map(([name, count]) => (count === null ? '' : ` ${name} ${count}`))
    .join('');
}

/** The signals end the answer. */
export function isTerminal(signals: readonly Signal[]): boolean {
  return signals.some(({ kind }) => kind === 'done' || kind === 'error');
}
