import { seededRandom } from '../plan/seeded-random.ts';
import { type ChosenFault, type FaultKind, faults, isFaultKind } from './faults.ts';

/** A fault that befalls a share of all requests. */
export interface FaultShare {
  readonly kind: FaultKind;
  /** In (0, 1]; 1: every request. */
  readonly share: number;
  /** The fault's number, where it takes one. */
  readonly amount?: number;
}

/** The request header that asks for faults: `kind`, or `kind=number`, several separated by commas. */
export const faultHeader = 'x-mock-fault';

/** Throws a RangeError that names the first share that makes no sense. */
export function checkFaultShares(shares: readonly FaultShare[]): void {
  for (const { kind, share, amount } of shares) {
    if (!isFaultKind(kind)) throw new RangeError(unknownKind(kind));
    if (!(share > 0 && share <= 1)) throw new RangeError(`the share of ${kind} must be above 0 and at most 1`);
    const problem = amountProblem(kind, amount ?? null);
    if (problem !== null) throw new RangeError(problem);
  }
}

/** The faults that befall a request: each drawn by itself, from the seed, its kind and the request's id. */
export function drawFaults(shares: readonly FaultShare[], seed: number, id: string): readonly ChosenFault[] {
  return shares
    .filter(({ kind, share }) => share === 1 || seededRandom(seed, 'fault', kind, id)() < share)
    .map(({ kind, amount }) => ({ kind, amount: amount ?? null }));
}

/** The faults that a header asks for, or what is wrong with it. */
export function parseFaultHeader(text: string): readonly ChosenFault[] | { readonly problem: string } {
  const chosen: ChosenFault[] = [];
  for (const item of text.split(',')) {
    const [kind = '', number] = item.trim().split('=');
    if (!isFaultKind(kind)) return { problem: unknownKind(kind) };
    const amount = number === undefined ? null : Number(number === '' ? Number.NaN : number);
    const problem = amountProblem(kind, amount);
    if (problem !== null) return { problem };
    chosen.push({ kind, amount });
  }
  return chosen;
}

function amountProblem(kind: FaultKind, amount: number | null): string | null {
  if (amount === null) return null;
  if (faults[kind].amount === null) return `the fault ${kind} takes no number`;
  return Number.isSafeInteger(amount) && amount >= 0 ? null : `the number of ${kind} must be a whole number from 0`;
}

const unknownKind = (kind: string) => `there is no fault "${kind}"; there are ${Object.keys(faults).join(', ')}`;
