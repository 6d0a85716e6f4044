import { type Estimate, estimateOf } from '../../plan/estimate.ts';
import { endedByText, estimateText } from '../../plan/estimate-text.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SweepEvent } from '../../sweep/sweep-event.ts';

/** What a sweep would take, told twice: as it is planned, and with what its probe found. */
export interface EstimatedEvent {
  readonly kind: 'estimated';
  readonly estimate: Estimate;
}

/** Tells of each event of a sweep whether it brings an estimate. */
export function estimator(): (event: SweepEvent) => EstimatedEvent | null {
  let plan: Plan | null = null;
  return (event) => {
    if (event.kind === 'planned') {
      plan = event.plan;
      return { kind: 'estimated', estimate: estimateOf(plan) };
    }
    const hasSpoken = event.kind === 'stage_ended' && event.stage.kind === 'probe' && event.verdict.probe?.ok;
    return hasSpoken && plan !== null ? { kind: 'estimated', estimate: estimateOf(plan, event.verdict) } : null;
  };
}

/** An estimate as a line of progress. */
export function estimateLine({ estimate }: EstimatedEvent): string {
  const basis = estimate.basis === 'spec' ? 'Estimate before the probe' : 'Estimate by the probe';
  const ended = endedByText(estimate);
  return `${basis}: ${estimateText(estimate)}${ended === null ? '' : `; ${ended}`}`;
}
