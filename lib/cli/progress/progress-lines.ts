import { cellName, gridOf } from '../../plan/cell.ts';
import { countedRuns } from '../../plan/counted-runs.ts';
import type { Plan } from '../../plan/plan.ts';
import { passesOf } from '../../plan/run-order.ts';
import type { Stage } from '../../plan/stage.ts';
import type { Verdict } from '../../plan/verdict.ts';
import type { Progress } from '../../record/progress.ts';
import { percent } from '../../report/format.ts';
import { passLine } from '../../report/notebook/notebook-rows.ts';
import { metricWords, preciseText, runsUntil } from '../../report/precise-text.ts';
import { workloadText } from '../../report/workload-text.ts';
import { formatDuration } from '../../spec/duration.ts';
import type { Load, UntilPrecise } from '../../spec/load.ts';
import type { SweepEvent } from '../../sweep/sweep-event.ts';

/** Where a sweep stands: runs of levels in all, and those done. */
export interface StagePlace {
  /** 0 of a search, which nobody knows the length of. */
  readonly levels: number;
  readonly done: number;
  /** Runs of a level beyond those asked for, until it is precise, are in neither; null: there are none. */
  readonly more: (Pick<Load, 'repeats'> & { readonly until: UntilPrecise }) | null;
  /** Several pairs of lengths are measured: each stage names its own. */
  readonly grid: boolean;
}

/** Where a sweep stands before it begins. */
export function placeIn({ spec: { load, workload } }: Plan): StagePlace {
  const { levels, repeats, untilPrecise: until } = load;
  const cells = gridOf(workload).length;
  return {
    levels: levels.length * repeats * passesOf(load).length * cells,
    done: 0,
    more: until ? { repeats, until } : null,
    grid: cells > 1,
  };
}

/** Where a sweep stands after some stages: a level that is run again stands where it stood; a search counts its stages. */
export function placeAfter(place: StagePlace, verdicts: readonly Verdict[]): StagePlace {
  const stages = verdicts.filter(({ kind }) => kind === 'load').length;
  const most = place.more?.repeats ?? Number.POSITIVE_INFINITY;
  return { ...place, done: place.levels === 0 ? stages : countedRuns(verdicts).total(most) };
}

/** A run of a level that was run as often as asked, and is not precise yet. */
const isMore = ({ repeat }: Stage, { more }: StagePlace) => more !== null && repeat >= more.repeats;

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** The living line of a stage that runs. */
export function stageLine(stage: Stage, place: StagePlace, progress: readonly Progress[], nowEpochMs: number): string {
  const waiting = progress.flatMap(({ notReady }) => notReady ?? [])[0];
  if (waiting !== undefined) {
    const [waitedMs, mostMs] = [nowEpochMs - waiting.sinceEpochMs, waiting.untilEpochMs - waiting.sinceEpochMs];
    return `${stageName(stage, place)} · the endpoint is not ready (503): waiting ${formatDuration(waitedMs)} of at most ${formatDuration(mostMs)}`;
  }
  const parts = [stageName(stage, place), phaseOf(stage, nowEpochMs)];
  if (progress.length > 0) {
    const sum = (of: (progress: Progress) => number) => progress.reduce((total, one) => total + of(one), 0);
    const rates = progress.flatMap(({ outputTokensPerSecond }) => outputTokensPerSecond ?? []);
    const ttfts = progress.flatMap(({ ttftP50Ms }) => ttftP50Ms ?? []).sort((a, b) => a - b);
    const ttftMs = ttfts[Math.floor(ttfts.length / 2)];
    parts.push(`${sum(({ inFlight }) => inFlight)} in flight`, `${sum(({ ok }) => ok)} ok`);
    if (rates.length > 0) parts.push(`${number.format(rates.reduce((a, b) => a + b, 0))} tok/s`);
    if (ttftMs !== undefined) parts.push(`TTFT ${formatMs(ttftMs)}`);
    const failed = sum((one) => one.failed);
    parts.push(failed === 1 ? '1 error' : `${failed} errors`);
  }
  return parts.join(' · ');
}

/** What an event is worth a line of its own for; where a living line shows it already, null. */
export function eventLine(event: SweepEvent, place: StagePlace, living: boolean): string | null {
  switch (event.kind) {
    case 'planned': {
      const { plan } = event;
      const { target, load, workload } = plan.spec;
      const asked = `${workloadText(workload)}, ${loadText(load)}`;
      return [
        `Sweep ${plan.sweepId}: ${target.url}, ${asked}`,
        ...plan.warnings.map((warning) => `Warning: ${warning}`),
      ].join('\n');
    }
    case 'stage_started':
      return living ? null : `${stageName(event.stage, place)} …${windowOf(event.stage)}`;
    case 'stage_ended':
      return `${stageName(event.stage, place)} · ${event.stage.cutOff ? cutOff : resultOf(event.stage, event.verdict, place)}`;
    case 'ended':
      return null;
  }
}

/** `levels 1, 2, 4`, `a search from 1 to 256`. */
export function loadText({ levels, search, repeats, order, untilPrecise: until }: Load): string {
  if (search !== null) return `a search from ${search.from} to ${search.to}`;
  const plain = repeats === 1 ? '' : `, ${repeats} runs each`;
  const runs = until ? `, ${runsUntil(repeats, until)} each, until ${preciseText(until)}` : plain;
  return `levels ${levels.join(', ')}${runs}${order === 'shuffled' ? ', shuffled' : ''}`;
}

function stageName(stage: Stage, place: StagePlace): string {
  const { kind, level, cell, pass, repeat } = stage;
  const { levels, done, grid, more } = place;
  if (kind === 'probe') return 'Probe';
  if (kind === 'drift') return `Drift check, level ${level}`;
  if (levels === 0) return `Level ${level} (stage ${done + 1} of the search)`;
  const parts = [`Level ${level}`, grid ? cellName(cell) : null, pass].filter((part) => part !== null);
  if (isMore(stage, place)) return `${parts.join(', ')}, run ${repeat + 1} (at most ${more?.until.most})`;
  return `${parts.join(', ')} (${Math.min(done + 1, levels)} of ${levels})`;
}

function windowOf({ kind, warmUpMs, windowMs, drainMs, requestsPerStream }: Stage): string {
  if (kind === 'probe') return '';
  if (windowMs === null) return ` ${requestsPerStream} requests on each stream`;
  return ` warm-up ${formatDuration(warmUpMs)}, window ${formatDuration(windowMs)}, drain at most ${formatDuration(drainMs)}`;
}

function phaseOf(stage: Stage, nowEpochMs: number): string {
  if (stage.kind === 'probe') return 'asking the endpoint';
  const left = (untilEpochMs: number) =>
    formatDuration(Math.max(0, Math.ceil((untilEpochMs - nowEpochMs) / 1000) * 1000));
  if (nowEpochMs < stage.startsAtEpochMs) return 'connecting';
  if (nowEpochMs < stage.windowStartsAtEpochMs) return `warming up, ${left(stage.windowStartsAtEpochMs)} left`;
  if (stage.windowEndsAtEpochMs === null) return 'counting';
  if (nowEpochMs < stage.windowEndsAtEpochMs) return `measuring, ${left(stage.windowEndsAtEpochMs)} left`;
  return 'draining';
}

const cutOff = 'cut off before its end, runs again';

function resultOf({ kind }: Stage, verdict: Verdict, { more }: StagePlace): string {
  const { probe } = verdict;
  if (kind === 'probe') return probe?.ok ? probeResult(probe) : probeEnd(verdict);
  if (verdict.notebookPass !== null) return passLine(verdict.notebookPass);
  const parts = [
    verdict.outputTokensPerSecond === null ? null : `${number.format(verdict.outputTokensPerSecond)} tok/s`,
    verdict.p50LatencyMs === null ? null : `latency p50 ${formatMs(verdict.p50LatencyMs)}`,
    `${verdict.requests} requests`,
    verdict.errorShare === null || verdict.errorShare === 0
      ? null
      : `${number.format(verdict.errorShare * 100)} % failed`,
    verdict.slo === null ? null : `SLO ${verdict.slo}${verdict.sloWithinNoise ? ', within the noise' : ''}`,
    more === null || kind === 'drift' || verdict.state === 'void' ? null : marginText(verdict, more.until),
    verdict.state === 'ok' ? 'ok' : `${verdict.state}: ${verdict.reasons.join(', ')}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** `p95 of latency ±8.2 %, wanted ±5 %`. */
function marginText({ p95Margins }: Verdict, { of, within }: UntilPrecise): string {
  const margin = p95Margins[of];
  const known = `p95 of ${metricWords[of]} ${margin === null ? 'without an interval' : `±${percent(margin)}`}`;
  return margin !== null && margin <= within ? known : `${known}, wanted ±${percent(within)}`;
}

function probeEnd({ probe }: Verdict): string {
  return probe?.failure?.outcome === 'cancelled' ? 'stopped' : 'failed';
}

function probeResult({ streaming, ttftMs, tokenSource, protocol, waitedMs }: NonNullable<Verdict['probe']>): string {
  const parts = [
    streaming ? 'streams' : 'does not stream',
    waitedMs == null ? null : `ready after ${formatDuration(waitedMs)}`,
    ttftMs === null ? null : `TTFT ${formatMs(ttftMs)}`,
    tokenSource === 'usage' ? 'tokens by its own usage' : 'no usage: tokens unknown',
    protocol,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${number.format(ms)} ms` : `${number.format(ms / 1000)} s`;
}
