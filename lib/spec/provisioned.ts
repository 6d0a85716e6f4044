import { z } from 'zod';

const tokens = z
  .number('must be a number of tokens a second')
  .min(0, 'must be 0 or more')
  .max(1e9, 'must be at most 1,000,000,000');
const most = tokens.gt(0, 'must be more than 0');

/** What an endpoint is provisioned for: a number, or a range as serving pages show it. */
export const provisionedSchema = z
  .union(
    [
      most,
      z
        .strictObject({
          min: tokens
            .nullable()
            .default(null)
            .describe('Kept ready at all times; `0` where the endpoint scales to zero.'),
          max: most.describe('Scaled up to.'),
        })
        .refine(({ min, max }) => min === null || min <= max, { path: ['max'], error: 'must not be below min' }),
    ],
    { error: 'must be a number of tokens a second, or a range such as {min: 0, max: 8000}' },
  )
  .transform((given): Provisioned => (typeof given === 'number' ? { min: null, max: given } : given));

/** Tokens a second, input and output together. */
export interface Provisioned {
  /** Null: one number was given. */
  readonly min: number | null;
  readonly max: number;
}
