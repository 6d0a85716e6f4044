import type { Distribution, Point, SloVerdict } from '../curve/point.ts';
import type { Interval } from '../plan/verdict.ts';
import { visible } from './foreign-text.ts';
import { outcomeTexts } from './outcome-texts.ts';
import type { Report } from './report.ts';

type Value = string | number | null;
type Column = readonly [name: string, value: (point: Point) => Value];

/** One row per point, void ones included; units in the names; what is undefined is empty. RFC 4180. */
export function curveCsv(report: Report): string {
  const columns = [...identity(report), ...pointColumns];
  const header = columns.map(([name]) => name);
  const rows = report.points.map((point) => columns.map(([, value]) => value(point)));
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A field, quoted where it must be. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function field(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const seen = visible(value);
  const text = /^\s*[=+\-@＝＋－＠]/.test(seen) ? `'${seen}` : seen;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const identity = (report: Report): Column[] => [
  ['sweep', () => report.sweepId],
  ['name', () => report.name],
  ['model', () => report.target.model],
];

const ends = (name: string, of: (point: Point) => Interval): Column[] => [
  [`${name}_ci_low`, (point) => of(point)[0]],
  [`${name}_ci_high`, (point) => of(point)[1]],
];

function rate(name: string, of: 'outputTokensPerSecond' | 'totalTokensPerSecond' | 'requestsPerSecond'): Column[] {
  return [[name, (point) => point[of].value], ...ends(name, (point) => point[of].ci)];
}

type DistributionName = 'ttftMs' | 'ttfoMs' | 'tpotMs' | 'latencyMs' | 'latencyFromDueMs' | 'tokensPerSecondPerUser';

function distribution(name: string, unit: '' | '_ms', of: DistributionName): Column[] {
  const each = (['p50', 'p90', 'p95', 'p99'] as const).flatMap((percentile): Column[] => [
    [`${name}_${percentile}${unit}`, (point) => point[of][percentile]],
    ...ends(`${name}_${percentile}${unit}`, (point) => point[of].ci[percentile]),
    [`${name}_${percentile}_with_failures${unit}`, (point) => point[of].withFailures[percentile]],
  ]);
  const rest: readonly [string, keyof Distribution & ('mean' | 'max' | 'samples')][] = [
    [`${name}_mean${unit}`, 'mean'],
    [`${name}_max${unit}`, 'max'],
    [`${name}_samples`, 'samples'],
  ];
  return [...each, ...rest.map(([title, key]): Column => [title, (point) => point[of][key]])];
}

/** `ttft_p95:734.2/500 errorRate:0.02/0.01`: what was measured ÷ the bound; nothing before the slash when not known. */
function checksThat(wanted: SloVerdict, { slo }: Point): string | null {
  const checks = slo?.checks.filter(({ verdict }) => verdict === wanted) ?? [];
  if (checks.length === 0) return null;
  return checks.map(({ what, measured, bound }) => `${what.replace(' ', '_')}:${measured ?? ''}/${bound}`).join(' ');
}

const failures = Object.keys(outcomeTexts).filter((outcome) => outcome !== 'ok') as (keyof typeof outcomeTexts)[];

const pointColumns: readonly Column[] = [
  ['input_tokens', (point) => point.cell.inputTokens],
  ['output_tokens_at_most', (point) => point.cell.outputTokens],
  ['parallel_requests', (point) => point.level],
  ['stages', (point) => point.stages.join(' ')],
  ['validity', (point) => point.validity.state],
  ['reasons', (point) => point.validity.reasons.map(({ name, state }) => `${name}:${state}`).join(' ')],
  ['notes', (point) => point.notes.map(({ name }) => name).join(' ')],
  ['started_at_epoch_ms', (point) => point.startedAtEpochMs],
  ['window_s', (point) => point.windowSeconds],
  ['requests', (point) => point.requests],
  ['ok', (point) => point.ok],
  ['error_share', (point) => point.errorShare],
  ['slo', (point) => point.slo?.verdict ?? null],
  ['slo_missed', (point) => checksThat('missed', point)],
  ['slo_undecided', (point) => checksThat('undecided', point)],
  ['goodput_share', (point) => point.goodput?.share ?? null],
  ['goodput_requests_per_s', (point) => point.goodput?.requestsPerSecond ?? null],
  ['goodput_bounds_skipped', (point) => point.goodput?.skipped ?? null],
  ...failures.map((outcome): Column => [`errors_${outcome}`, (point) => point.errors[outcome] ?? 0]),
  ...rate('output_tokens_per_s', 'outputTokensPerSecond'),
  ...rate('total_tokens_per_s', 'totalTokensPerSecond'),
  ['throughput_is_lower_bound', (point) => String(point.throughputIsLowerBound)],
  ...rate('requests_per_s', 'requestsPerSecond'),
  ...distribution('tokens_per_s_per_user', '', 'tokensPerSecondPerUser'),
  ...distribution('ttft', '_ms', 'ttftMs'),
  ...distribution('ttfo', '_ms', 'ttfoMs'),
  ...distribution('tpot', '_ms', 'tpotMs'),
  ...distribution('latency', '_ms', 'latencyMs'),
  ...distribution('latency_from_due', '_ms', 'latencyFromDueMs'),
  ...(['p50', 'p90', 'p95', 'p99', 'mean'] as const).map(
    (key): Column => [`inter_chunk_${key}_ms`, (point) => point.interChunkMs[key]],
  ),
  ['inter_chunk_samples', (point) => point.interChunkMs.samples],
  ['mean_input_tokens', (point) => point.meanInputTokens],
  ['mean_output_tokens', (point) => point.meanOutputTokens],
  ['usage_requests', (point) => point.usage?.requests ?? null],
  ['usage_input_tokens', (point) => point.usage?.inputTokens ?? null],
  ['usage_output_tokens', (point) => point.usage?.outputTokens ?? null],
  ['usage_requests_without_count', (point) => point.usage?.requestsWithoutUsage ?? null],
  ['workers', (point) => point.client.workers],
  ['workers_lost', (point) => point.client.workersLost.length],
  ['workers_late', (point) => point.client.workersLate.length],
  ['event_loop_delay_p99_ms', (point) => point.client.eventLoopDelayP99Ms],
  ['cpu_share', (point) => point.client.cpuShare],
  ['gc_pause_max_ms', (point) => point.client.gcPauseMaxMs],
  ['send_lag_p99_ms', (point) => point.client.sendLagP99Ms],
  ['sockets_opened', (point) => point.client.socketsOpened],
  ['load_held', (point) => point.client.loadHeld],
  ['emptied_share', (point) => point.client.emptiedShare],
  ['paused_share', (point) => point.client.pausedShare],
  ['completeness', (point) => point.client.completeness],
  ['little', (point) => point.client.little],
  ['clock_step_ms', (point) => point.client.clockStepMs],
];
