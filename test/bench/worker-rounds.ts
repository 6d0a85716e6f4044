import type { ClientResult } from './worker-client.ts';

/** What one client came to in one round; errors in milliseconds, CPU in microseconds a token, memory in kB a stream. */
export interface Round {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly least: number;
  readonly ttftP99: number;
  readonly cpu: number;
  readonly memory: number;
  readonly utilisation: number;
}

export function roundOf(result: ClientResult, streams: number): Round {
  const errors = Float64Array.from(result.errorsUs).sort();
  const firsts = Float64Array.from(result.firstErrorsUs).sort();
  return {
    p50: quantile(errors, 0.5) / 1000,
    p99: quantile(errors, 0.99) / 1000,
    p999: quantile(errors, 0.999) / 1000,
    least: (errors[0] ?? Number.NaN) / 1000,
    ttftP99: quantile(firsts, 0.99) / 1000,
    cpu: (result.cpuMs * 1000) / result.tokens,
    memory: result.rssGrowthKb / streams,
    utilisation: result.utilisation,
  };
}

/** The medians of some rounds, as a line of the table. */
export function rowOf(name: string, streams: number, rounds: readonly Round[]): string {
  const of = (key: keyof Round) => rounds.map((round) => round[key]);
  const ms = (value: number) => value.toFixed(3).padStart(8);
  const p99 = of('p99');
  return [
    name.padEnd(14),
    String(streams).padStart(5),
    ms(median(of('p50'))),
    `${median(p99).toFixed(2)} [${Math.min(...p99).toFixed(2)}, ${Math.max(...p99).toFixed(2)}]`.padStart(21),
    ms(median(of('p999'))),
    ms(Math.min(...of('least'))),
    ms(median(of('ttftP99'))),
    median(of('cpu')).toFixed(1).padStart(8),
    median(of('memory')).toFixed(0).padStart(8),
    `${(median(of('utilisation')) * 100).toFixed(0)} %`.padStart(6),
  ].join(' ');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

function quantile(sorted: Float64Array, p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
