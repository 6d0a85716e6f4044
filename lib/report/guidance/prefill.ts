import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import { count, parallelRequests, percent, time } from '../format.ts';
import type { Report } from '../report.ts';
import { shownPercentile } from '../shown.ts';
import { believed, lowestAndAnswer } from './believed.ts';
import { type GuidanceItem, paragraph } from './guidance-item.ts';

interface Times {
  readonly level: number;
  readonly ttftMs: number;
  readonly latencyMs: number;
  readonly tpotMs: number | null;
}

/** What TTFT and TPOT are, and how much of an answer's latency each makes up: TTFT p50 ÷ latency p50. */
export function prefill(view: CellView, probe: Report['probe']): GuidanceItem | null {
  const points = believed(view);
  const [low, high] = lowestAndAnswer(view, points.flatMap(timesOf));
  const title = 'Prefill and decode';
  if (low === undefined) {
    const why = whyUnknown(points);
    if (why === null) return null;
    return {
      title,
      text: `How much of latency prefill and decode make up can’t be told: ${why}.`,
      levels: [],
      short: true,
    };
  }
  const text = paragraph(
    'TTFT, the time to the first token, is prefill (the prompt is read) and any waiting; TPOT, the time per output token, is decode (the answer is written).',
    `At ${parallelRequests(low.level)} TTFT (p50) is ${time(low.ttftMs)}${shareText(low)}; the rest is decode${pace(low)}.`,
    high === undefined ? null : `${atAnswer(high)}${added(low, high)}.`,
    probe?.reasoning === 'hidden' ? 'TTFT here holds the reasoning too, which this model does not show.' : null,
  );
  return { title, text, levels: [low, high].flatMap((times) => times?.level ?? []), short: true };
}

function timesOf({ level, ttftMs, latencyMs, tpotMs }: Point): Times[] {
  if (ttftMs.p50 === null || latencyMs.p50 === null || ttftMs.p50 > latencyMs.p50) return [];
  return [{ level, ttftMs: ttftMs.p50, latencyMs: latencyMs.p50, tpotMs: tpotMs.p50 }];
}

function whyUnknown([lowest]: readonly Point[]): string | null {
  if (lowest === undefined) return null;
  const { why } = shownPercentile(lowest, lowest.ttftMs.p50 === null ? 'ttftMs' : 'latencyMs', 'p50');
  return why ?? 'half of the answers began later than half of them ended';
}

function shareText({ ttftMs, latencyMs }: Times): string {
  return `, ${percent(ttftMs / latencyMs)} of the latency of ${time(latencyMs)}`;
}

function pace({ tpotMs }: Times): string {
  return tpotMs === null ? '' : `, ${time(tpotMs)} a token`;
}

function atAnswer(times: Times): string {
  return `At ${count(times.level)} it is ${time(times.ttftMs)}${shareText(times)}`;
}

/** Prompts are alike at all levels, so that what TTFT grows by is not the prompt’s. Less than a tenth is not told. */
function added(low: Times, high: Times): string {
  const more = high.ttftMs - low.ttftMs;
  if (more < low.ttftMs / 10) return '';
  return `: with prompts as long as before, the ${time(more)} more are waiting for a busier endpoint`;
}
