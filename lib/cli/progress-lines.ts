import type { Stage } from '../plan/stage.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Progress } from '../record/progress.ts';
import { formatDuration } from '../spec/duration.ts';
import type { SweepEvent } from '../sweep/sweep-event.ts';

/** Where a sweep stands: levels in all, and levels done. */
export interface StagePlace {
  readonly levels: number;
  readonly done: number;
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** The living line of a stage that runs. */
export function stageLine(stage: Stage, place: StagePlace, progress: readonly Progress[], nowEpochMs: number): string {
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
      const asked = `${workload.inputTokens} tokens in, up to ${workload.outputTokens} out, levels ${load.levels.join(', ')}`;
      return [
        `Sweep ${plan.sweepId}: ${target.url}, ${asked}`,
        ...plan.warnings.map((warning) => `Warning: ${warning}`),
      ].join('\n');
    }
    case 'stage_started':
      return living ? null : `${stageName(event.stage, place)} …${windowOf(event.stage)}`;
    case 'stage_ended':
      return `${stageName(event.stage, place)} · ${resultOf(event.verdict)}`;
    case 'ended':
      return null;
  }
}

function stageName({ kind, level }: Stage, { levels, done }: StagePlace): string {
  if (kind === 'probe') return 'Probe';
  if (kind === 'drift') return `Drift check, level ${level}`;
  return `Level ${level} (${Math.min(done + 1, levels)} of ${levels})`;
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

function resultOf(verdict: Verdict): string {
  const { probe } = verdict;
  if (verdict.stage === 0) return probe?.ok ? probeResult(probe) : 'failed';
  const parts = [
    verdict.outputTokensPerSecond === null ? null : `${number.format(verdict.outputTokensPerSecond)} tok/s`,
    verdict.p50LatencyMs === null ? null : `latency p50 ${formatMs(verdict.p50LatencyMs)}`,
    `${verdict.requests} requests`,
    verdict.errorShare === null || verdict.errorShare === 0
      ? null
      : `${number.format(verdict.errorShare * 100)} % failed`,
    verdict.state === 'ok' ? 'ok' : `${verdict.state}: ${verdict.reasons.join(', ')}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function probeResult({ streaming, ttftMs, tokenSource, protocol }: NonNullable<Verdict['probe']>): string {
  const parts = [
    streaming ? 'streams' : 'does not stream',
    ttftMs === null ? null : `TTFT ${formatMs(ttftMs)}`,
    tokenSource === 'usage' ? 'tokens by its own usage' : 'no usage: tokens unknown',
    protocol,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${number.format(ms)} ms` : `${number.format(ms / 1000)} s`;
}
