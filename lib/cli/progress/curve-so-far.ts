import { cellOf, sameCell } from '../../plan/cell.ts';
import { rounded } from '../../plan/estimate-text.ts';
import { isParity } from '../../plan/pass.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Stage } from '../../plan/stage.ts';
import type { Verdict } from '../../plan/verdict.ts';

/** How a level stands: output tokens per second once it is measured. */
export type LevelSoFar =
  | { readonly level: number; readonly tokensPerSecond: number }
  | { readonly level: number; readonly state: 'running' | 'to come' | 'void' | 'unknown' };

/** The levels of a sweep, rising: those that are planned, and those that a search has come by; of a grid the newest cell's. */
export function levelsSoFar(plan: Plan, verdicts: readonly Verdict[], running: Stage | null): readonly LevelSoFar[] {
  const newest = running?.cell ?? verdicts.at(-1)?.cell ?? cellOf(plan.spec.workload);
  const loads = verdicts.filter(({ kind, pass, cell }) => kind === 'load' && !isParity(pass) && sameCell(cell, newest));
  const now = running?.kind === 'load' ? [running.level] : [];
  const levels = new Set([...plan.spec.load.levels, ...loads.map(({ level }) => level), ...now]);
  return [...levels]
    .toSorted((a, b) => a - b)
    .map((level) => {
      if (now.includes(level)) return { level, state: 'running' };
      const runs = loads.filter((verdict) => verdict.level === level);
      return runs.length === 0 ? { level, state: 'to come' } : measured(level, runs);
    });
}

/** The mean of the runs that are not void. */
function measured(level: number, runs: readonly Verdict[]): LevelSoFar {
  const valid = runs.filter(({ state }) => state !== 'void');
  if (valid.length === 0) return { level, state: 'void' };
  const rates = valid.flatMap(({ outputTokensPerSecond }) => outputTokensPerSecond ?? []);
  if (rates.length === 0) return { level, state: 'unknown' };
  return { level, tokensPerSecond: rates.reduce((sum, rate) => sum + rate, 0) / rates.length };
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const marks = { running: '…', 'to come': '·', void: '×', unknown: '?' } as const;

/** Bars of throughput, and beneath them the levels; the most so far beside them. */
export interface CurveLines {
  readonly bars: string;
  readonly levels: string;
}

const title = 'tok/s  ';

/**
 * Throughput by level as bars from 0, at most so wide; of more levels than fit those around the last one that was measured
 * or runs. Null when not even one fits.
 */
export function curveLines(all: readonly LevelSoFar[], width: number): CurveLines | null {
  const rates = all.flatMap((one) => ('tokensPerSecond' in one ? [one] : []));
  const best = rates.toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond)[0];
  const most = best === undefined ? '' : `  most ${rounded(best.tokensPerSecond)} at ${best.level}`;
  const shown = fitting(all, width - title.length - most.length);
  if (shown.length === 0) return null;
  const cell = (one: LevelSoFar) => {
    const wide = widthOf(one);
    return 'tokensPerSecond' in one
      ? barOf(one.tokensPerSecond, best?.tokensPerSecond ?? 0).repeat(wide)
      : marks[one.state].padEnd(wide);
  };
  return {
    bars: `${title}${shown.map(cell).join(' ')}${most}`,
    levels: `${' '.repeat(title.length)}${shown.map((one) => String(one.level).padEnd(widthOf(one))).join(' ')}`,
  };
}

/** A bar of one character is too thin to be seen as one. */
const widthOf = ({ level }: LevelSoFar) => Math.max(2, String(level).length);

function barOf(value: number, most: number): string {
  const height = most > 0 ? Math.ceil((value / most) * bars.length) : 1;
  return bars[Math.min(bars.length, Math.max(1, height)) - 1] ?? '';
}

function fitting(all: readonly LevelSoFar[], width: number): readonly LevelSoFar[] {
  const reached = all.findLastIndex((one) => !('state' in one) || one.state !== 'to come');
  let [first, last] = [Math.max(0, reached), Math.max(0, reached)];
  const fits = (from: number, to: number) =>
    all.slice(from, to + 1).reduce((sum, one) => sum + widthOf(one) + 1, -1) <= width;
  if (all.length === 0 || !fits(first, last)) return [];
  for (;;) {
    // What was measured comes before what is still to come.
    if (first > 0 && fits(first - 1, last)) first -= 1;
    else if (last < all.length - 1 && fits(first, last + 1)) last += 1;
    else return all.slice(first, last + 1);
  }
}
