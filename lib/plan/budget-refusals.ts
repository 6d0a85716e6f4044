import { formatDuration } from '../spec/duration.ts';
import type { Spec } from '../spec/schema.ts';
import { type Amounts, type BudgetName, budgetNames } from './allowance.ts';
import { budgetOf, reservationOf } from './budget.ts';
import { amountText, budgetText, minutesText } from './budget-text.ts';
import type { Plan } from './plan.ts';
import { leastRuns } from './runs.ts';
import { probeRequestsOf } from './stage-design.ts';

/** Shortest warm-up and window that `auto` may choose; see stageTimes. */
const leastAutoMs = { warmUp: 5_000, window: 30_000 };

/** Budgets that a sweep goes beyond even at its least, each with the arithmetic. */
export function budgetRefusals(plan: Pick<Plan, 'spec' | 'tempo'>): string[] {
  return [timeRefusal(plan), ...amountRefusals(plan.spec)].filter((refusal) => refusal !== null);
}

function timeRefusal({ spec, tempo }: Pick<Plan, 'spec' | 'tempo'>): string | null {
  const { minutes } = spec.budget;
  const { warmUp, measure } = spec.stage;
  if (minutes === null || typeof measure === 'object') return null;
  const runs = leastRuns(spec).length;
  const warmUpMs = warmUp === 'auto' ? leastAutoMs.warmUp : warmUp;
  const windowMs = measure === 'auto' ? leastAutoMs.window : measure;
  const totalMs = runs * (tempo.leadMs + warmUpMs + windowMs);
  if (totalMs <= minutes * 60_000) return null;
  const each = `${formatDuration(tempo.leadMs)} to begin, warm-up ${formatDuration(warmUpMs)}, window ${formatDuration(windowMs)}`;
  return `budget.minutes: ${runsText(spec)} ${runs === 1 ? 'takes' : 'take'} ${formatDuration(totalMs)} at least (each ${each}), and ${minutesText(minutes)} is less. Raise budget.minutes, give fewer levels, or shorten stage.warmUp and stage.measure.`;
}

function amountRefusals(spec: Spec): (string | null)[] {
  const whole = budgetOf(spec);
  const one = reservationOf(spec);
  return budgetNames.map((name) => {
    const bound = whole?.[name] ?? null;
    const least = leastOf(name, spec, one);
    if (bound === null || least <= bound) return null;
    return `budget.${name}: ${amountArithmetic(name, spec, one)}, and ${budgetText(name, spec)} is less. Raise budget.${name}, ${remedies[name]}.`;
  });
}

const remedies: Readonly<Record<BudgetName, string>> = {
  requests: 'or give fewer or lower levels',
  inputTokens: 'give fewer or lower levels, or shorter prompts',
  outputTokens: 'give fewer or lower levels, or shorter answers',
  cost: 'give fewer or lower levels, or shorter prompts and answers',
};

const streamsOf = (spec: Spec) => leastRuns(spec).reduce((sum, level) => sum + level, 0);

/** A request on each stream of each level; of requests those of the probe too. */
function leastOf(name: BudgetName, spec: Spec, one: Amounts): number {
  return streamsOf(spec) * one[name] + (name === 'requests' ? probeRequestsOf(spec.workload) : 0);
}

function amountArithmetic(name: BudgetName, spec: Spec, one: Amounts): string {
  const streams = streamsOf(spec);
  const least = leastOf(name, spec, one);
  const sentence = `one request on each stream of ${runsText(spec)}`;
  if (name === 'requests') {
    return `the probe and ${sentence} take ${probeRequestsOf(spec.workload)} + ${streams.toLocaleString('en')} = ${amountText(name, least, spec)}`;
  }
  const most = name === 'inputTokens' ? '' : 'up to ';
  return `${sentence} takes ${streams.toLocaleString('en')} × ${most}${amountText(name, one[name], spec)} = ${amountText(name, least, spec)}`;
}

/** `6 levels`, `3 runs of 2 levels`, `the first level of the search`. */
function runsText(spec: Spec): string {
  const runs = leastRuns(spec);
  const levels = new Set(runs).size;
  if (spec.load.search !== null) return `the first level of the search, ${spec.load.search.from},`;
  const levelsText = levels === 1 ? '1 level' : `${levels} levels`;
  return runs.length === levels ? levelsText : `${runs.length} runs of ${levelsText}`;
}
