import type { ProbeFinding } from '../plan/probe-finding.ts';
import { formatDuration } from '../spec/duration.ts';
import { count, figure, time, wordList } from './format.ts';
import { reasoningTexts } from './probe-texts.ts';
import { ours, type SetupItem, theirs } from './setup-item.ts';

/** What the probe learned, line by line; doubts stand apart. */
export function probeItems(probe: ProbeFinding): SetupItem[] {
  const { ok, model, latenciesMs, ttftMs, waitedMs } = probe;
  return [
    ...connectionItems(probe),
    theirs('Answered', answered(probe)),
    ...(waitedMs == null ? [] : [ours(ok ? 'Ready' : 'Waited for', readyText(ok, waitedMs))]),
    ...(model === null ? [] : [theirs('Model as it names itself', model)]),
    ...(ok ? answerItems(probe) : []),
    ...(ttftMs === null ? [] : [ours('Time to first token', time(ttftMs))]),
    ...(latenciesMs.length === 0 ? [] : [ours('Latency', wordList(latenciesMs.map(time)))]),
  ];
}

/** Nothing was measured while the endpoint said that it was not ready. */
function readyText(ok: boolean, waitedMs: number): string {
  const waited = formatDuration(waitedMs);
  return ok ? `after ${waited} of answering 503; nothing was measured before` : `${waited} of answering 503`;
}

/** Findings that were stored before connecting was timed say only where it led. */
function connectionItems({ remoteAddress, tcpMs, tlsMs }: ProbeFinding): SetupItem[] {
  if (remoteAddress === null) return [];
  if (tcpMs == null) return [theirs('Connected', `to ${remoteAddress}`)];
  const tls = tlsMs == null ? 'without TLS' : `then TLS in ${roughTime(tlsMs)}`;
  return [theirs('Connected', `to ${remoteAddress} in ${roughTime(tcpMs)}, ${tls}`)];
}

/** A first connection also pays for first steps of the client's own: fractions of a millisecond would say nothing. */
function roughTime(ms: number): string {
  if (ms < 1) return 'less than 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : time(ms);
}

function answered({ httpStatus, protocol }: ProbeFinding): string {
  if (httpStatus === null) return 'not at all';
  return `HTTP ${httpStatus}${protocol === null ? '' : ` over ${protocol}`}`;
}

function answerItems(probe: ProbeFinding): SetupItem[] {
  const { streaming, tokenSource, reasoning, wordsToTokens, promptTokens, exactPrompts } = probe;
  return [
    ours('Streaming', streaming ? 'yes' : 'no'),
    ours('Count of tokens', tokenSource === 'usage' ? 'the endpoint’s own (usage)' : 'none'),
    ...(reasoning ? [ours('Reasoning', reasoningTexts[reasoning])] : []),
    ...(promptTokens == null ? [] : [ours('Prompt tokens', promptLength(wordsToTokens, promptTokens))]),
    ...(promptTokens == null || exactPrompts == null
      ? []
      : [ours('Exact prompts', `${count(promptTokens)} tokens, as asked for, in each of the last ${exactPrompts}`)]),
  ];
}

function promptLength({ slope, intercept }: ProbeFinding['wordsToTokens'], promptTokens: number): string {
  const rest = Math.round(intercept * 10) / 10;
  const more = rest === 0 ? '' : ` and ${figure(Math.abs(rest))} ${rest < 0 ? 'less' : 'more'}`;
  return `${figure(slope)} a word${more}; ${count(promptTokens)} in the last prompt`;
}
