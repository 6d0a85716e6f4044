import { nextMove } from '../../../lib/plan/next-stage.ts';
import { type StageDesign, scheduleStage } from '../../../lib/plan/stage.ts';
import type { Verdict } from '../../../lib/plan/verdict.ts';
import type { SweepEvent } from '../../../lib/sweep/sweep-event.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from '../../plan/sample-plan.ts';

/** A sweep of levels 1, 4 and 16 against an endpoint that answers everything in a second, as its events. */
export function steadySweep(judge: (design: StageDesign) => Partial<Verdict> = () => ({})): SweepEvent[] {
  const load = { levels: [1, 4, 16] as const, driftCheck: true };
  const plan = samplePlan(sampleSpec({ load, stage: { warmUp: 2000, measure: 20_000 } }));
  const events: SweepEvent[] = [{ kind: 'planned', plan }];
  const verdicts: Verdict[] = [];
  let nowEpochMs = 0;
  for (;;) {
    const move = nextMove(plan, verdicts);
    if (move.kind === 'end') return [...events, { kind: 'ended', ended: move.ended }];
    const { design } = move;
    const { kind, level, warmUpMs } = design;
    const isProbe = kind === 'probe';
    const stage = scheduleStage('test', design, nowEpochMs + plan.tempo.leadMs);
    const tookMs = isProbe ? 3000 : warmUpMs + (design.windowMs ?? 0) + 1000;
    const loaded = { stage: design.stage, kind, level, outputTokensPerSecond: 10 * level, p50LatencyMs: 1000 };
    const verdict = isProbe
      ? { ...sampleProbeVerdict(), p50LatencyMs: 1000 }
      : sampleVerdict({ ...loaded, ...judge(design) });
    verdicts.push({ ...verdict, tookMs });
    events.push({ kind: 'stage_started', stage }, { kind: 'stage_ended', stage, verdict: { ...verdict, tookMs } });
    nowEpochMs = stage.startsAtEpochMs + tookMs;
  }
}
