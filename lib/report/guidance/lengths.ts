import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import { count, figure, parallelRequests, time } from '../format.ts';
import { believed } from './believed.ts';
import { roughly } from './change.ts';
import { type GuidanceItem, paragraph } from './guidance-item.ts';
import { type LengthName, type LengthStep, longestStep } from './length-step.ts';

/** What input and output tokens weigh, from cells that differ in one of the lengths alone; none with a single cell. */
export function lengthsGuidance(views: readonly CellView[]): readonly GuidanceItem[] {
  if (views.length < 2) return [];
  const ttft = longestStep(views, 'inputTokens', ({ ttftMs }) => ttftMs.p50);
  const input = ttft ?? longestStep(views, 'inputTokens', ({ latencyMs }) => latencyMs.p50);
  const output = longestStep(views, 'outputTokens', ({ latencyMs }) => latencyMs.p50);
  if (input === null && output === null) return [cannotTell(views)].filter((item) => item !== null);
  return [
    input === null ? null : inputItem(input, ttft === null ? 'Latency' : 'TTFT'),
    output === null ? null : outputItem(output, ttft),
  ].filter((item) => item !== null);
}

function cannotTell(views: readonly CellView[]): GuidanceItem | null {
  if (views.every((view) => believed(view).length === 0)) return null;
  return {
    title: 'Input and output tokens',
    text: 'What each of them weighs can’t be told here: that takes two cells that differ in one length alone, with a level in common that can be believed.',
    levels: [],
    short: true,
  };
}

function inputItem(step: LengthStep, metric: 'TTFT' | 'Latency'): GuidanceItem {
  const each = perTokens(step, 1000);
  const growth =
    each > 0
      ? `: ${time(each)} for each further 1,000 input tokens`
      : `. It did not grow with the prompt; a cache of prompts would do that`;
  return {
    title: 'Input tokens',
    text: paragraph(
      `Long prompts make prefill longer and take memory. ${comparison(step, 'inputTokens', metric)}${growth}.`,
      bestRates(step),
    ),
    levels: [step.level],
    short: true,
  };
}

function outputItem(step: LengthStep, input: LengthStep | null): GuidanceItem {
  const each = perTokens(step, 100);
  const growth = each > 0 ? `: ${time(each)} for each further 100 output tokens${asInput(step, input)}` : '';
  return {
    title: 'Output tokens',
    text: `Each token of an answer waits for the one before it, so latency grows with their number. ${comparison(step, 'outputTokens', 'Latency')}${growth}.`,
    levels: [step.level],
    short: true,
  };
}

const sides = { inputTokens: ['in', 'out'], outputTokens: ['out', 'in'] } as const;

/** `At 1 parallel request and 256 tokens out, TTFT (p50) was 74.5 ms with 512 tokens in and 298 ms with 8,192`. */
function comparison({ level, other, from, to }: LengthStep, length: LengthName, metric: string): string {
  const [own, kept] = sides[length];
  return `${metric} (p50) was ${time(from.value)} with ${count(from.tokens)} tokens ${own} and ${time(to.value)} with ${count(to.tokens)}, at ${parallelRequests(level)} and ${count(other)} tokens ${kept}`;
}

/** Milliseconds for so many tokens more. */
function perTokens({ from, to }: LengthStep, tokens: number): number {
  return ((to.value - from.value) / (to.tokens - from.tokens)) * tokens;
}

/** How many input tokens take as long as one output token, where both were measured at the same load. */
function asInput(output: LengthStep, input: LengthStep | null): string {
  if (input === null || input.level !== output.level || perTokens(input, 1) <= 0) return '';
  const tokens = roughly(perTokens(output, 1) / perTokens(input, 1));
  return `. One output token takes as long as about ${tokens.toLocaleString('en-US')} input ${tokens === 1 ? 'token' : 'tokens'}`;
}

function bestRates({ from, to }: LengthStep): string | null {
  const [short, long] = [bestRate(from.view), bestRate(to.view)];
  if (short === null || long === null || long >= short) return null;
  return `The most output tokens/s fell from ${figure(short)} to ${figure(long)}.`;
}

function bestRate(view: CellView): number | null {
  const rates = believed(view).flatMap(({ outputTokensPerSecond: { value } }: Point) => value ?? []);
  return rates.length === 0 ? null : Math.max(...rates);
}
