import { z } from 'zod';

const price = z.number('must be a number').min(0, 'must be 0 or more').max(1_000_000, 'must be at most 1,000,000');

/** What the endpoint charges. */
export const pricesSchema = z
  .strictObject({
    inputPerMillion: price.describe('For a million input tokens.'),
    outputPerMillion: price.describe('For a million output tokens.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters such as USD')
      .default('USD')
      .describe('Of the prices and of `budget.cost`, three letters.'),
  })
  .nullable()
  .default(null);

/** What an endpoint charges for a million tokens. */
export type Prices = NonNullable<z.output<typeof pricesSchema>>;

const most = (limit: number) =>
  z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(limit, `must be at most ${limit.toLocaleString('en')}`)
    .nullable()
    .default(null);

/** What a sweep may use up before it ends by itself. */
export const budgetSchema = z.strictObject({
  minutes: z
    .number('must be a number')
    .gt(0, 'must be more than 0')
    .max(10_080, 'must be at most 10,080, a week')
    .nullable()
    .default(60)
    .describe('Most minutes that the sweep runs; `null` for no limit.'),
  requests: most(1e9).describe('Most requests that are sent, warm-up and all.'),
  inputTokens: most(1e12).describe('Most input tokens, by the endpoint’s own counts.'),
  outputTokens: most(1e12).describe('Most output tokens, likewise.'),
  cost: z
    .number('must be a number')
    .gt(0, 'must be more than 0')
    .max(1e9, 'must be at most 1,000,000,000')
    .nullable()
    .default(null)
    .describe('Most that the tokens may cost, by `prices`.'),
});

export type Budget = z.output<typeof budgetSchema>;
