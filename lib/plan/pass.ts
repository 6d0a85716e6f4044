import type { Cell } from './stage.ts';

/**
 * The passes in which Databricks' notebook measures a level: three that are not streamed, with a token, half of the
 * tokens and all of them, and beside them the ordinary stage.
 */
export const passes = ['parity_1', 'parity_half', 'parity_full', 'streamed'] as const;

export type Pass = (typeof passes)[number];

/** A pass that is not streamed and never on the curve. */
export type ParityPass = Exclude<Pass, 'streamed'>;

export function isParity(pass: Pass | null): pass is ParityPass {
  return pass === 'parity_1' || pass === 'parity_half' || pass === 'parity_full';
}

/** The limit of answers: 1 token, ⌊n ÷ 2⌋ or n, with n the cell's own. */
export function outputTokensOf({ cell, pass }: { readonly cell: Cell; readonly pass: Pass | null }): number {
  if (pass === 'parity_1') return 1;
  return pass === 'parity_half' ? Math.max(1, Math.floor(cell.outputTokens / 2)) : cell.outputTokens;
}
