import type { Ended } from '../plan/ended.ts';
import type { Plan } from '../plan/plan.ts';
import type { Stage } from '../plan/stage.ts';
import type { Verdict } from '../plan/verdict.ts';

/** What happens in a sweep, for whoever watches. */
export type SweepEvent =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'stage_started'; readonly stage: Stage }
  | { readonly kind: 'stage_ended'; readonly stage: Stage; readonly verdict: Verdict }
  | { readonly kind: 'ended'; readonly ended: Ended };
