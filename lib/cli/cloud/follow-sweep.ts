import type { Point } from '../../curve/point.ts';
import { verdictOf } from '../../curve/verdict.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Stage } from '../../plan/stage.ts';
import type { Verdict } from '../../plan/verdict.ts';
import { wholePlan } from '../../plan/whole-plan.ts';
import type { Summary } from '../../report/summary.ts';
import { getJson } from '../../store/json.ts';
import { planKey, pointKey, reportKey, stageKey, statusKey } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import type { Status } from '../../sweep/status.ts';
import type { SweepEvent } from '../../sweep/sweep-event.ts';
import type { Clock } from '../../timing/clock.ts';

export interface FollowOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly sweepId: string;
  /** Between two looks at the store. */
  readonly everyMs: number;
  /** Ends the watching, never the sweep. */
  readonly leave: AbortSignal;
  observe(event: SweepEvent): void;
  /** Why a sweep that says that it runs does not; null when it does or nobody can know. Asked now and then. */
  whyDead(status: Status): Promise<string | null>;
}

/** How following a sweep came to its end. */
export type Followed =
  | { readonly kind: 'ended'; readonly summary: Summary | null }
  | { readonly kind: 'refused'; readonly refusals: readonly string[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'left' };

/** So long a sweep that was just started may have no status, and one that has ended no report. */
const patienceMs = 60_000;
const askWhetherDeadMs = 30_000;

/** Tells what happens in a sweep that runs elsewhere, from what it leaves in the store, until it is over. */
export async function followSweep(options: FollowOptions): Promise<Followed> {
  const { store, clock, sweepId, leave, observe } = options;
  const look = storedEvents(options);
  const beganMs = clock.nowUs() / 1000;
  let endedMs: number | null = null;
  let askedMs = beganMs;
  while (!leave.aborted) {
    const nowMs = clock.nowUs() / 1000;
    const status = await getJson<Status>(store, statusKey(sweepId));
    if (status?.state === 'refused') return { kind: 'refused', refusals: status.refusals };
    if (status === null && nowMs - beganMs > patienceMs) return { kind: 'unknown' };
    if (status !== null) await look();
    if (status?.state === 'ended' && status.ended !== null) {
      endedMs ??= nowMs;
      const summary = await getJson<Summary>(store, reportKey(sweepId, 'summary.json'));
      if (summary?.ended || nowMs - endedMs > patienceMs) {
        observe({ kind: 'ended', ended: status.ended });
        return { kind: 'ended', summary: summary?.ended ? summary : null };
      }
    } else if (status !== null && nowMs - askedMs > askWhetherDeadMs) {
      askedMs = nowMs;
      const why = await options.whyDead(status);
      if (why !== null) return { kind: 'dead', why };
    }
    await clock.sleepUntil(clock.nowUs() + options.everyMs * 1000, leave);
  }
  return { kind: 'left' };
}

/** Each call tells what has come into the store since the last: the plan, then each stage's start and end, in order. */
export function storedEvents({
  store,
  sweepId,
  observe,
}: Pick<FollowOptions, 'store' | 'sweepId' | 'observe'>): () => Promise<void> {
  let plan: Plan | null = null;
  let next = 0;
  let running: Stage | null = null;
  return async () => {
    if (plan === null) {
      const stored = await getJson<Plan>(store, planKey(sweepId));
      if (stored === null) return;
      plan = wholePlan(stored);
      observe({ kind: 'planned', plan });
    }
    for (;;) {
      if (running === null) {
        running = await getJson<Stage>(store, stageKey(sweepId, next));
        if (running === null) return;
        observe({ kind: 'stage_started', stage: running });
      }
      const point = await getJson<Point | Verdict>(store, pointKey(sweepId, next));
      if (point === null) return;
      observe({ kind: 'stage_ended', stage: running, verdict: asVerdict(point) });
      running = null;
      next += 1;
    }
  };
}

/** Of the probe the verdict itself is kept, of every other stage its point. */
function asVerdict(kept: Point | Verdict): Verdict {
  return kept.schema === 'paretoken.verdict.v1' ? kept : verdictOf({ point: kept, own: kept });
}
