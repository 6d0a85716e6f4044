import { type Allowance, type Amounts, amountsOf, type BudgetName, budgetNames } from './allowance.ts';
import { reservationOf } from './budget.ts';
import { nextMove } from './next-stage.ts';
import type { PassFigures } from './notebook.ts';
import { isParity } from './pass.ts';
import type { Plan } from './plan.ts';
import { oneTokenPerWord, type ProbeFinding } from './probe-finding.ts';
import type { Load } from './run-order.ts';
import type { StageDesign } from './stage.ts';
import { probeRequestsOf } from './stage-design.ts';
import type { SloVerdict, Verdict } from './verdict.ts';

/** How an endpoint is taken to behave. */
export interface Assumed {
  /** Of every answer under a load, in milliseconds. */
  latencyMs(load: Load): number;
  /** Of every answer, likewise. */
  outputTokens(load: Load): number;
  /** Null: throughput is taken to rise, so that no plateau ends the sweep. */
  readonly tokensPerSecond: number | null;
  slo(level: number): SloVerdict;
  /** Whether the p95 of a level is precise from its first run on, or never. */
  readonly precise: boolean;
}

/** A stage as it would go. */
export interface RehearsedStage {
  readonly design: StageDesign;
  /** Its lead included. */
  readonly durationMs: number;
  readonly used: Amounts;
}

/** A sweep as it would go. */
export interface Rehearsal {
  readonly stages: readonly RehearsedStage[];
  /** The budget that would end it; null: none would. */
  readonly shortOf: BudgetName | 'minutes' | null;
}

/** Plays a plan to its end against an assumed endpoint, from the verdicts that are there already. */
export function rehearse(plan: Plan, begun: readonly Verdict[], assumed: Assumed): Rehearsal {
  const verdicts = [...begun];
  const stages: RehearsedStage[] = [];
  for (;;) {
    const move = nextMove(plan, verdicts);
    if (move.kind === 'end') return { stages, shortOf: move.shortOf ?? null };
    const played = play(plan, move.design, move.allowance, assumed);
    stages.push(played.stage);
    verdicts.push(played.verdict);
  }
}

interface Played {
  readonly stage: RehearsedStage;
  readonly verdict: Verdict;
}

function play(plan: Plan, design: StageDesign, allowance: Allowance | null, assumed: Assumed): Played {
  const leadMs = design.kind === 'probe' ? 0 : plan.tempo.leadMs;
  const { requests, lastsMs, ranOutOf } = loadOf(plan, design, allowance, assumed);
  const { inputTokens } = design.cell;
  const tokens = { inputTokens: requests * inputTokens, outputTokens: requests * assumed.outputTokens(design) };
  const used = amountsOf({ requests, ...tokens }, plan.spec.prices);
  const latencyMs = assumed.latencyMs(design);
  const verdict: Verdict = {
    schema: 'paretoken.verdict.v1',
    stage: design.stage,
    kind: design.kind,
    level: design.level,
    cell: design.cell,
    pass: design.pass,
    state: ranOutOf === null ? 'ok' : 'void',
    reasons: ranOutOf === null ? [] : ['interrupted'],
    requests,
    errorShare: 0,
    p50LatencyMs: latencyMs,
    p95LatencyMs: latencyMs,
    maxLatencyMs: latencyMs,
    p50LatencyCi: [null, null],
    p95Margins: assumed.precise ? exact : unknown,
    outputTokensPerSecond: assumed.tokensPerSecond,
    outputTokensPerSecondCi: [null, null],
    slo: assumed.slo(design.level),
    sloWithinNoise: false,
    usage: { requests, ...tokens, requestsWithoutUsage: 0 },
    tookMs: lastsMs,
    ranOutOf,
    notebookPass: notebookPassOf(design, requests, assumed),
    probe: design.kind === 'probe' ? passed : null,
  };
  return { stage: { design, durationMs: Math.round(leadMs + lastsMs), used }, verdict };
}

interface Held {
  readonly requests: number;
  readonly lastsMs: number;
  readonly ranOutOf: BudgetName | null;
}

/** Of the notebook's passes; its throughput rises with the level unless throughput is taken not to. */
function notebookPassOf(design: StageDesign, requests: number, assumed: Assumed): PassFigures | null {
  const { pass, cell, level } = design;
  if (!isParity(pass)) return null;
  return {
    pass,
    requests,
    ok: requests,
    medianMs: assumed.tokensPerSecond === null ? assumed.latencyMs({ ...design, level: 1 }) : level * 1000,
    meanInputTokens: cell.inputTokens,
    meanOutputTokens: assumed.outputTokens(design),
    messages: [],
  };
}

/** A stream sends when it begins and after each answer, until the last answer of the window is there. */
function loadOf(plan: Plan, design: StageDesign, allowance: Allowance | null, assumed: Assumed): Held {
  const { level, kind, warmUpMs, windowMs, drainMs, requestsPerStream } = design;
  const latencyMs = assumed.latencyMs(design);
  if (kind === 'probe') {
    const asked = probeRequestsOf(plan.spec.workload);
    return { requests: asked, lastsMs: asked * latencyMs, ranOutOf: null };
  }
  const heldMs = windowMs === null ? (requestsPerStream ?? 1) * latencyMs : warmUpMs + windowMs;
  const tailMs = windowMs === null ? 0 : Math.min(drainMs, latencyMs);
  const requests = level * (Math.ceil(heldMs / latencyMs) + 1);
  const lastsMs = heldMs + tailMs;
  const one = { ...reservationOf(plan.spec, design), outputTokens: assumed.outputTokens(design) };
  const carried = (name: BudgetName) => {
    const left = allowance?.[name] ?? null;
    return left === null || one[name] === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / one[name]);
  };
  const [scarcest = 'requests'] = [...budgetNames].sort((a, b) => carried(a) - carried(b));
  const most = carried(scarcest);
  if (requests <= most) return { requests, lastsMs, ranOutOf: null };
  return { requests: most, lastsMs: (lastsMs * most) / requests, ranOutOf: scarcest };
}

const exact: Verdict['p95Margins'] = { latency: 0, ttft: 0, tpot: 0 };
const unknown: Verdict['p95Margins'] = { latency: null, ttft: null, tpot: null };

/** A probe that found nothing in the way. */
const passed: ProbeFinding = {
  ok: true,
  httpStatus: 200,
  streaming: true,
  usageInStream: true,
  tokenSource: 'usage',
  protocol: null,
  remoteAddress: null,
  tcpMs: null,
  tlsMs: null,
  model: null,
  wordsToTokens: oneTokenPerWord,
  promptTokens: null,
  reasoning: null,
  exactPrompts: null,
  waitedMs: null,
  latenciesMs: [],
  ttftMs: null,
  warnings: [],
  failure: null,
};
