import type { Curve } from '../curve/curve.ts';
import type { Ended } from '../plan/ended.ts';
import type { ValidityState } from '../plan/verdict.ts';
import type { Report } from './report.ts';

/** Exit code of the command that ran a sweep. */
export type ExitCode = 0 | 3 | 4 | 130;

/** A sweep in a few words for scripts and CI, `paretoken.summary.v1`. */
export interface Summary {
  readonly schema: 'paretoken.summary.v1';
  readonly sweepId: string;
  readonly name: string;
  /** Null while the sweep runs. */
  readonly ended: Ended | null;
  readonly curves: readonly Curve[];
  /** The worst state among the levels; null without one. */
  readonly worstValidity: ValidityState | null;
  /** As in the report. */
  readonly usage: Report['usage'];
  readonly cost: Report['cost'];
  /** Null while the sweep runs. */
  readonly exitCode: ExitCode | null;
}

export function summaryOf(report: Report): Summary {
  const { sweepId, name, ended, curves, usage, cost } = report;
  return {
    schema: 'paretoken.summary.v1',
    sweepId,
    name,
    ended,
    curves,
    worstValidity: worstValidity(report),
    usage,
    cost,
    exitCode: exitCodeOf(report),
  };
}

/**
 * 0: done, plateau or slo, with a level that can be believed · 3: the probe failed · 4: error_rate, void, budget,
 * failed, or no level that can be believed · 130: stopped · null: the sweep still runs.
 */
export function exitCodeOf({ ended, points }: Report): ExitCode | null {
  if (ended === null) return null;
  const anyValid = points.some(({ validity }) => validity.state !== 'void');
  switch (ended.reason) {
    case 'probe_failed':
      return 3;
    case 'stopped':
      return 130;
    case 'error_rate':
    case 'void':
    case 'budget':
    case 'failed':
      return 4;
    case 'done':
    case 'plateau':
    case 'slo':
      return anyValid ? 0 : 4;
  }
}

function worstValidity({ points }: Report): ValidityState | null {
  const states = points.map(({ validity }) => validity.state);
  return (['void', 'suspect', 'ok'] as const).find((state) => states.includes(state)) ?? null;
}
