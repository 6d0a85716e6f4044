import { formatDuration } from '../spec/duration.ts';
import type { Spec } from '../spec/schema.ts';
import { type BudgetName, budgetNames } from './allowance.ts';
import { budgetOf, reservationOf } from './budget.ts';
import { amountText, budgetText, minutesText } from './budget-text.ts';
import { gridOf } from './cell.ts';
import { isParity } from './pass.ts';
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
  // Counted passes are over when their answers are.
  const runs = leastRuns(spec).filter(({ pass }) => !isParity(pass)).length;
  const warmUpMs = warmUp === 'auto' ? leastAutoMs.warmUp : warmUp;
  const windowMs = measure === 'auto' ? leastAutoMs.window : measure;
  const totalMs = runs * (tempo.leadMs + warmUpMs + windowMs);
  if (totalMs <= minutes * 60_000) return null;
  const each = `${formatDuration(tempo.leadMs)} to begin, warm-up ${formatDuration(warmUpMs)}, window ${formatDuration(windowMs)}`;
  return `budget.minutes: ${runsText(spec)} ${runs === 1 ? 'takes' : 'take'} ${formatDuration(totalMs)} at least (each ${each}), and ${minutesText(minutes)} is less. Raise budget.minutes, give fewer levels, or shorten stage.warmUp and stage.measure.`;
}

function amountRefusals(spec: Spec): (string | null)[] {
  const whole = budgetOf(spec);
  return budgetNames.map((name) => {
    const bound = whole?.[name] ?? null;
    const least = leastOf(name, spec);
    if (bound === null || least <= bound) return null;
    return `budget.${name}: ${amountArithmetic(name, spec)}, and ${budgetText(name, spec)} is less. Raise budget.${name}, ${remedies[name]}.`;
  });
}

const remedies: Readonly<Record<BudgetName, string>> = {
  requests: 'or give fewer or lower levels',
  inputTokens: 'give fewer or lower levels, or shorter prompts',
  outputTokens: 'give fewer or lower levels, or shorter answers',
  cost: 'give fewer or lower levels, or shorter prompts and answers',
};

const streamsOf = (spec: Spec) => leastRuns(spec).reduce((sum, { level }) => sum + level, 0);

/** A request on each stream of each level; of requests those of the probe too. */
function leastOf(name: BudgetName, spec: Spec): number {
  const ofLoads = leastRuns(spec).reduce((sum, load) => sum + load.level * reservationOf(spec, load)[name], 0);
  return ofLoads + (name === 'requests' ? probeRequestsOf(spec.workload) : 0);
}

function amountArithmetic(name: BudgetName, spec: Spec): string {
  const streams = streamsOf(spec);
  const least = leastOf(name, spec);
  const sentence = `one request on each stream of ${runsText(spec)}`;
  if (name === 'requests') {
    return `the probe and ${sentence} take ${probeRequestsOf(spec.workload)} + ${streams.toLocaleString('en')} = ${amountText(name, least, spec)}`;
  }
  const most = name === 'inputTokens' ? '' : 'up to ';
  const each = new Set(leastRuns(spec).map((load) => reservationOf(spec, load)[name]));
  const [one = 0] = each;
  // Of a grid, or of passes, each has an amount of its own.
  if (each.size > 1) return `${sentence} takes ${most}${amountText(name, least, spec)}`;
  return `${sentence} takes ${streams.toLocaleString('en')} × ${most}${amountText(name, one, spec)} = ${amountText(name, least, spec)}`;
}

/** `6 levels`, `3 runs of 2 levels`, `12 runs of 6 levels in 2 cells`, `the first level of the search`. */
function runsText(spec: Spec): string {
  const runs = leastRuns(spec);
  const levels = new Set(runs.map(({ level }) => level)).size;
  if (spec.load.search !== null) return `the first level of the search, ${spec.load.search.from},`;
  const levelsText = levels === 1 ? '1 level' : `${levels} levels`;
  const cells = gridOf(spec.workload).length;
  if (runs.length === levels) return levelsText;
  return `${runs.length} runs of ${levelsText}${cells === 1 ? '' : ` in ${cells} cells`}`;
}
