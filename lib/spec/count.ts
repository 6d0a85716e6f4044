import { z } from 'zod';

/** A whole number from 1 to `most`. */
export const count = (most: number) =>
  z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most.toLocaleString('en')}`);
