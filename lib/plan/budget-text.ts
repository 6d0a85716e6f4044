import type { Budget } from '../spec/budget.ts';
import { formatDuration } from '../spec/duration.ts';
import type { Spec } from '../spec/schema.ts';
import type { Allowance, Amounts, BudgetName } from './allowance.ts';
import { micros } from './budget.ts';

type Priced = Pick<Spec, 'prices'>;

const units = { requests: 'request', inputTokens: 'input token', outputTokens: 'output token' } as const;

const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** An amount of what a budget bounds: `1 request`, `12,000 input tokens`, `0.31 USD`; a cost is in millionths. */
export function amountText(name: BudgetName, amount: number, { prices }: Priced): string {
  if (name === 'cost') return `${short.format(amount / micros)} ${prices?.currency ?? ''}`.trim();
  return `${amount.toLocaleString('en')} ${units[name]}${amount === 1 ? '' : 's'}`;
}

/** `the budget of 1,000 requests`. */
export function budgetText(name: BudgetName, spec: Pick<Spec, 'budget' | 'prices'>): string {
  const whole = spec.budget[name] ?? 0;
  return `the budget of ${amountText(name, name === 'cost' ? whole * micros : whole, spec)}`;
}

/** Why a stage ended in its midst. */
export function usedUpText(name: BudgetName, level: number, spec: Pick<Spec, 'budget' | 'prices'>): string {
  return `At level ${level.toLocaleString('en')} ${budgetText(name, spec)} was used up before the window was over.`;
}

export function minutesText(minutes: Budget['minutes']): string {
  return `the budget of ${minutes?.toLocaleString('en')} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

const runName = (level: number, repeat: number) =>
  repeat === 0 ? `Level ${level.toLocaleString('en')}` : `Run ${repeat + 1} of level ${level.toLocaleString('en')}`;

export interface ShortLevel {
  readonly name: BudgetName;
  readonly level: number;
  /** How often it was run before. */
  readonly repeat: number;
  readonly left: Allowance;
  readonly one: Amounts;
}

/** Why a level is not begun: it could not even send a request on each stream. */
export function shortText(
  { name, level, repeat, left, one }: ShortLevel,
  spec: Pick<Spec, 'budget' | 'prices'>,
): string {
  const takes = amountText(name, level * one[name], spec);
  const most = name === 'requests' || name === 'inputTokens' ? '' : 'up to ';
  return `${runName(level, repeat)} was not begun: a request on each stream takes ${most}${takes}, and ${budgetText(name, spec)} leaves ${amountText(name, left[name] ?? 0, spec)}.`;
}

export interface LateLevel extends Pick<ShortLevel, 'level' | 'repeat'> {
  readonly needsMs: number;
  readonly leftMs: number;
}

/** Why a level is not begun: it would not end in time. */
export function lateText({ level, repeat, needsMs, leftMs }: LateLevel, { budget }: Pick<Spec, 'budget'>): string {
  return `${runName(level, repeat)} was not begun: it may take ${formatDuration(needsMs)}, and ${minutesText(budget.minutes)} leaves ${formatDuration(leftMs)}.`;
}
