import { type Amounts, type BudgetName, budgetNames } from './allowance.ts';
import { assumptionsOf } from './assumption.ts';
import { micros, spentBy } from './budget.ts';
import type { Plan } from './plan.ts';
import { type Rehearsal, type RehearsedStage, rehearse } from './rehearsal.ts';
import { sameLoad } from './run-order.ts';
import type { StageDesign } from './stage.ts';
import type { Verdict } from './verdict.ts';

/** From the least to the most of what may come. */
export interface Span {
  readonly least: number;
  readonly most: number;
}

/** A stage that may come. */
export interface EstimatedStage extends Pick<StageDesign, 'kind' | 'level' | 'repeat' | 'cell' | 'pass'> {
  readonly warmUpMs: Span;
  /** Null of a counted stage. */
  readonly windowMs: Span | null;
  readonly durationMs: Span;
  readonly requests: Span;
}

/** What a sweep would take, `paretoken.estimate.v1`. */
export interface Estimate {
  readonly schema: 'paretoken.estimate.v1';
  /** What it rests on: nothing but the spec, or what the probe found. */
  readonly basis: 'spec' | 'probe';
  /** In their order; of a search those of its longest way. */
  readonly stages: readonly EstimatedStage[];
  /** Stages that are run, the probe not counted. */
  readonly stagesRun: Span;
  readonly durationMs: Span;
  readonly requests: Span;
  readonly inputTokens: Span;
  readonly outputTokens: Span;
  /** Null without prices. */
  readonly cost: (Span & { readonly currency: string }) | null;
  /** What was taken for granted, in sentences. */
  readonly assumptions: readonly string[];
  /** Budgets that would end the sweep before it is done, of some of the rehearsals or of all. */
  readonly endedBy: readonly { readonly budget: BudgetName | 'minutes'; readonly of: 'some' | 'all' }[];
}

/**
 * What a sweep would take, the probe included: the least and the most over rehearsals against endpoints as fast and as slow
 * as can be expected, or, once the probe has spoken, against one as fast as the probe found it.
 */
export function estimateOf(plan: Plan, probe: Verdict | null = null): Estimate {
  const begun = probe === null ? [] : [probe];
  const { endpoints, sentences } = assumptionsOf(plan.spec, probe);
  const rehearsals = endpoints.map((endpoint) => rehearse(plan, begun, endpoint));
  const whole = rehearsals.map((rehearsal) => totalsOf(plan, rehearsal, probe));
  const over = (of: (totals: Totals) => number) => spanOf(whole.map(of));
  const { prices } = plan.spec;
  return {
    schema: 'paretoken.estimate.v1',
    basis: probe === null ? 'spec' : 'probe',
    stages: stagesOf(rehearsals),
    stagesRun: over(({ stages }) => stages),
    durationMs: over(({ durationMs }) => durationMs),
    requests: over(({ used }) => used.requests),
    inputTokens: over(({ used }) => used.inputTokens),
    outputTokens: over(({ used }) => used.outputTokens),
    cost: prices && { ...over(({ used }) => used.cost / micros), currency: prices.currency },
    assumptions: sentences,
    endedBy: endedBy(rehearsals),
  };
}

function endedBy(rehearsals: readonly Rehearsal[]): Estimate['endedBy'] {
  const names = rehearsals.flatMap(({ shortOf }) => shortOf ?? []);
  return [...new Set(names)].map((budget) => ({ budget, of: names.length === rehearsals.length ? 'all' : 'some' }));
}

interface Totals {
  readonly stages: number;
  readonly durationMs: number;
  readonly used: Amounts;
}

function totalsOf(plan: Plan, { stages }: Rehearsal, probe: Verdict | null): Totals {
  const used = { ...spentBy(plan, probe === null ? [] : [probe]) };
  for (const stage of stages) for (const name of budgetNames) used[name] += stage.used[name];
  return {
    stages: stages.filter(({ design }) => design.kind !== 'probe').length,
    durationMs: stages.reduce((sum, stage) => sum + stage.durationMs, probe?.tookMs ?? 0),
    used,
  };
}

/** The stages of the longest rehearsal, each with its spans over all that come to the same one. */
function stagesOf(rehearsals: readonly Rehearsal[]): EstimatedStage[] {
  const [longest] = rehearsals.toSorted((a, b) => b.stages.length - a.stages.length);
  const loads = (longest?.stages ?? []).filter(({ design }) => design.kind !== 'probe');
  return loads.map(({ design }) => {
    const same = rehearsals.flatMap(({ stages }) => stages.find((stage) => isSame(stage.design, design)) ?? []);
    const over = (of: (stage: RehearsedStage) => number) => spanOf(same.map(of));
    const { kind, level, repeat, cell, pass, windowMs } = design;
    return {
      kind,
      level,
      repeat,
      cell,
      pass,
      warmUpMs: over((stage) => stage.design.warmUpMs),
      windowMs: windowMs === null ? null : over((stage) => stage.design.windowMs ?? 0),
      durationMs: over(({ durationMs }) => durationMs),
      requests: over(({ used }) => used.requests),
    };
  });
}

function isSame(a: StageDesign, b: StageDesign): boolean {
  return a.kind === b.kind && a.repeat === b.repeat && sameLoad(a, b);
}

function spanOf(values: readonly number[]): Span {
  return { least: Math.min(...values), most: Math.max(...values) };
}
