import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import { metricsOf } from '../../lib/timing/metrics.ts';
import { doc, table } from './markdown.ts';

interface Event {
  readonly atMs: number;
  readonly what: string;
}

const page = doc('other-tools.md');
const events: Event[] = table(page, 'at').map(([at, what = '']) => ({ atMs: Number(at), what }));
const told = table(page, 'tool').map(([tool, name, , value]) => ({ key: `${tool}: ${name}`, value: Number(value) }));

const isText = ({ what }: Event) => what.startsWith('text');
const hasChoices = ({ what }: Event) => /^(role|text|finish)/.test(what);
const texts = events.filter(isText);
const n = texts.reduce((sum, { what }) => sum + Number(/(\d+) token/.exec(what)?.[1]), 0);
const [t1 = 0, tn = 0, te = 0] = [texts[0]?.atMs, texts.at(-1)?.atMs, events.at(-1)?.atMs];
const withChoices = events.filter(hasChoices).map(({ atMs }) => atMs);
const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const vllmTtft = withChoices[0] ?? 0;

/** The formulas as the tools state them; t0 = 0. */
const formulas: Readonly<Record<string, number>> = {
  'vLLM bench: TTFT': vllmTtft,
  'vLLM bench: TPOT': ((withChoices.at(-1) ?? 0) - vllmTtft) / (n - 1),
  'vLLM bench: ITL, mean': sum(gaps(withChoices)) / (withChoices.length - 1),
  'GuideLLM: ITL': (tn - t1) / (n - 1),
  'GuideLLM: TPOT': tn / n,
  'AIPerf: ITL': (tn - t1) / (n - 1),
  'inference-perf: NTPOT': te / n,
  'LLMPerf: ITL': (t1 + sum(gaps(texts.map(({ atMs }) => atMs)))) / withChoices.length,
  'Databricks page: latency': t1 + ((tn - t1) / (n - 1)) * n,
};

/** The event as an endpoint sends it. */
function bytesOf({ what }: Event): Uint8Array {
  const choice = (delta: object, reason: string | null = null) =>
    JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] });
  const data = what.startsWith('role')
    ? choice({ role: 'assistant', content: '' })
    : isText({ atMs: 0, what })
      ? choice({ content: 'word ' })
      : what.startsWith('finish')
        ? choice({}, 'stop')
        : what.startsWith('usage')
          ? JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: n } })
          : '[DONE]';
  return new TextEncoder().encode(`data: ${data}\n\n`);
}

/** What Paretoken itself makes of the stream. */
function measured(): Record<string, number | null> {
  const reader = answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => 0 });
  reader.headers(100_000, 200, { 'content-type': 'text/event-stream' });
  for (const event of events) reader.chunk(event.atMs * 1000, bytesOf(event), false);
  reader.ended(te * 1000);
  const answer = reader.result();
  assert.equal(answer.streamedTokens, n);
  const { ttftMs, tpotMs, latencyMs } = metricsOf({ ...answer, dueUs: 0, sentUs: 0, settledUs: answer.endUs });
  return { 'Paretoken: TTFT': ttftMs, 'Paretoken: TPOT': tpotMs, 'Paretoken: latency': latencyMs };
}

describe('docs/other-tools.md', () => {
  it('shows for each formula what it gives for the example, and Paretoken’s own figures as it measures them', () => {
    const expected = Object.entries({ ...measured(), ...formulas }).map(([key, value]) => ({
      key,
      value: Number(value?.toFixed(1)),
    }));
    assert.deepEqual(told, expected);
  });

  it('says what TPOT older releases of vLLM bench give', () => {
    const usageMs = events.find(({ what }) => what.startsWith('usage'))?.atMs ?? 0;
    assert.match(page, new RegExp(`makes TPOT ${(usageMs - vllmTtft) / (n - 1)} here`));
  });

  it('says the exact latency beside that of the Databricks page', () => {
    assert.match(page, new RegExp(`TTFT \\+ TPOT × \\(n − 1\\) = ${tn}\\.`));
  });
});
