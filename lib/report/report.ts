import type { Cost } from '../curve/cost.ts';
import type { Curve } from '../curve/curve.ts';
import type { NotebookLevel } from '../curve/notebook-levels.ts';
import type { Point, Usage } from '../curve/point.ts';
import type { Ended } from '../plan/ended.ts';
import type { Machine } from '../plan/machine.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import type { Spec } from '../spec/schema.ts';

/** Everything a report shows, `paretoken.report.v1`; documented with units in docs/report.md. */
export interface Report {
  readonly schema: 'paretoken.report.v1';
  readonly sweepId: string;
  readonly name: string;
  readonly target: { readonly url: string; readonly model: string | null };
  readonly startedAtEpochMs: number;
  /** The sweep's end; while it runs, when this was drawn. */
  readonly updatedAtEpochMs: number;
  /** The spec with defaults filled in; it names keys and never holds them. */
  readonly spec: Spec;
  /** The version of Paretoken that measured. */
  readonly version: string;
  readonly machine: Machine | null;
  readonly probe: ProbeFinding | null;
  /** Points of the curve, rising by level within a cell; void ones included. */
  readonly points: readonly Point[];
  /** The drift stage's point, which is not on the curve. */
  readonly driftPoint: Point | null;
  readonly curves: readonly Curve[];
  /** What Databricks' notebook would say of each level that was run in its passes; empty without them. */
  readonly notebook: readonly NotebookLevel[];
  /** What all requests of the sweep used so far, the probe's and those of void levels included; null where it is not known. */
  readonly usage: Usage | null;
  /** What that cost, by the spec's prices; null without them. */
  readonly cost: Cost | null;
  /** Null while the sweep runs. */
  readonly ended: Ended | null;
  /** Warnings of the plan, such as streams per worker above the spec's. */
  readonly warnings: readonly string[];
}
