import type { Point } from '../../curve/point.ts';
import { noBalance } from '../answer.ts';
import type { CellView } from '../cells.ts';
import { count, parallelRequests } from '../format.ts';
import { believed, highestName } from './believed.ts';
import { change, roughly } from './change.ts';
import { type GuidanceItem, paragraph } from './guidance-item.ts';

interface Rate {
  readonly level: number;
  readonly tokensPerSecond: number;
  readonly latencyMs: number | null;
}

/** From where on more parallel requests buy little throughput and wait: what became of both above the knee. */
export function queueing(view: CellView): GuidanceItem | null {
  const { curve } = view;
  const points = believed(view);
  if (curve === null || points.length === 0) return null;
  const rates = points.flatMap(rateOf);
  const knee = rates.find(({ level }) => level === curve.knee.level);
  const top = rates.at(-1);
  const before = rates.at(-2);
  if (curve.knee.reason === 'still_rising' && top && before) return item(stillRising(view, before, top), [before, top]);
  if (!knee || !top) {
    return item(`Where more requests only wait can’t be told: ${noBalance(curve.knee.reason, points)}.`, []);
  }
  return knee === top ? item(atTheTop(view, top), [top]) : item(above(knee, top), [knee, top]);
}

function item(text: string, rates: readonly Rate[]): GuidanceItem {
  return { title: 'Where requests only wait', text, levels: rates.map(({ level }) => level), short: true };
}

function rateOf({ level, outputTokensPerSecond: { value }, latencyMs }: Point): Rate[] {
  return value === null || value <= 0 ? [] : [{ level, tokensPerSecond: value, latencyMs: latencyMs.p50 }];
}

const little = 'Once throughput no longer rises, latency grows in proportion to the requests in flight (Little’s law).';

function above(knee: Rate, top: Rate): string {
  const load = `From ${count(knee.level)} to ${parallelRequests(top.level)}, ${roughly(top.level / knee.level)} times the load,`;
  return paragraph(`${load} ${changes(knee, top)}.`, isWaiting(knee, top) ? waits(knee) : null, little);
}

const waits = ({ level }: Rate) => `Above ${count(level)} more requests buy little: they mostly wait.`;

function isWaiting(from: Rate, to: Rate): boolean {
  if (from.latencyMs === null || to.latencyMs === null) return true;
  return to.latencyMs / from.latencyMs > to.tokensPerSecond / from.tokensPerSecond;
}

function changes(from: Rate, to: Rate): string {
  const throughput = `throughput ${change(from.tokensPerSecond, to.tokensPerSecond)}`;
  if (from.latencyMs === null || to.latencyMs === null) return throughput;
  return `${throughput} and latency (p50) ${change(from.latencyMs, to.latencyMs)}`;
}

function stillRising(view: CellView, before: Rate, top: Rate): string {
  const steps = `from ${count(before.level)} to ${parallelRequests(top.level)}, ${highestName(view, top.level)},`;
  return `That was not reached: ${steps} ${changes(before, top)}.`;
}

function atTheTop(view: CellView, { level }: Rate): string {
  return paragraph(
    `${parallelRequests(level)}, ${highestName(view, level)}, gave the most throughput: whether more would only wait was not measured.`,
    little,
  );
}
