import type { TokenKind } from './dialect.ts';
import { isRecord, type JsonRecord } from './json.ts';

/**
 * What a delta of a stream, or the message of a whole answer, carries: each kind at most once. A role, an empty string,
 * a tool's name or id are not tokens; the text of a refusal and audio are what the user sees.
 */
export function deltaKinds(delta: JsonRecord): readonly TokenKind[] {
  const content = delta['content'];
  // Nearly every delta is this one.
  if (typeof content === 'string' && content !== '' && !('tool_calls' in delta) && !hasReasoning(delta))
    return justText;
  const kinds: TokenKind[] = [];
  if (hasReasoning(delta) || contentHas(content, 'reasoning')) kinds.push('reasoning');
  if (contentHas(content, 'text') || isText(delta['refusal']) || hasAudio(delta['audio'])) kinds.push('text');
  if (hasArguments(delta)) kinds.push('tool');
  return kinds;
}

const justText: readonly TokenKind[] = ['text'];

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function hasReasoning(delta: JsonRecord): boolean {
  if (isText(delta['reasoning_content']) || isText(delta['reasoning'])) return true;
  const details = delta['reasoning_details'];
  // An encrypted detail (`data`) is no token that anyone reads.
  return (
    Array.isArray(details) &&
    details.some((entry) => isRecord(entry) && (isText(entry['text']) || isText(entry['summary'])))
  );
}

/** Content as a string is text; as a list (Databricks, Mistral) its parts say what they are. */
function contentHas(content: unknown, kind: 'text' | 'reasoning'): boolean {
  if (typeof content === 'string') return kind === 'text' && content !== '';
  const parts = Array.isArray(content) ? content : [content];
  return parts.some((part) => (isRecord(part) ? partHas(part, kind) : kind === 'text' && isText(part)));
}

function partHas(part: JsonRecord, kind: 'text' | 'reasoning'): boolean {
  const type = part['type'];
  if (type !== 'reasoning' && type !== 'thinking')
    return kind === 'text' && (isText(part['text']) || isText(part['refusal']));
  return kind === 'reasoning' && [part['text'], part['summary'], part['thinking'], part['reasoning']].some(holdsText);
}

/** A string, or a list of strings or of `{text}`. */
function holdsText(value: unknown): boolean {
  if (!Array.isArray(value)) return isText(value);
  return value.some((entry) => isText(entry) || (isRecord(entry) && isText(entry['text'])));
}

function hasAudio(audio: unknown): boolean {
  return isRecord(audio) && (isText(audio['data']) || isText(audio['transcript']));
}

function hasArguments(delta: JsonRecord): boolean {
  const calls = delta['tool_calls'];
  if (Array.isArray(calls) && calls.some((call) => isRecord(call) && callHasArguments(call))) return true;
  const call = delta['function_call'];
  return isRecord(call) && argumentsGiven(call['arguments']);
}

function callHasArguments(call: JsonRecord): boolean {
  const named = call['function'];
  if (isRecord(named) && argumentsGiven(named['arguments'])) return true;
  const custom = call['custom'];
  return isRecord(custom) && isText(custom['input']);
}

/** Arguments are JSON as text; some servers send them parsed. */
function argumentsGiven(value: unknown): boolean {
  return isText(value) || (isRecord(value) && Object.keys(value).length > 0);
}
