import { z } from 'zod';
import { type Bell, bellMean, bellShare } from './bell.ts';
import { count } from './count.ts';

/** A distribution from which each request draws a length of its own, in tokens. */
export type LengthDistribution =
  | { readonly normal: Bell }
  | { readonly lognormal: Bell }
  | { readonly uniform: { readonly min: number; readonly max: number } };

/** A length of each row of a file, under this key. */
export interface LengthColumn {
  readonly column: string;
}

/** Lengths that are measured one after another, each on its own. */
export type LengthList = readonly [number, ...number[]];

/** One length for all requests, several of a grid, or where each one's comes from. */
export type Lengths = number | LengthList | LengthDistribution | LengthColumn;

export const isList = (lengths: Lengths): lengths is LengthList => Array.isArray(lengths);

export const isColumn = (lengths: Lengths): lengths is LengthColumn =>
  typeof lengths === 'object' && !isList(lengths) && 'column' in lengths;

const kinds = ['normal', 'lognormal', 'uniform', 'column'] as const;

const positive = (most: number) =>
  z
    .number('must be a number')
    .gt(0, 'must be more than 0')
    .max(most, `must be at most ${most.toLocaleString('en')}`);

const mustRise = ({ min, max }: { readonly min: number; readonly max: number }) => min <= max;
const notBelowMin = { path: ['max'], error: 'must not be below min' };

const bell = (most: number) =>
  z
    .strictObject({
      mean: positive(most).describe('Mean of the distribution, before it is cut to `min` … `max`.'),
      deviation: positive(most).describe('Standard deviation, likewise.'),
      min: count(most).default(1).describe('No length is below it.'),
      max: count(most).default(most).describe('No length is above it.'),
    })
    .refine(mustRise, notBelowMin)
    .optional();

/** Lengths of prompts or answers, each from 1 to `most` tokens. */
export const lengthsSchema = (most: number) =>
  z.union([count(most), list(most), distribution(most)], {
    error: 'must be a whole number, a list of them, or a distribution such as {normal: {mean: 512, deviation: 128}}',
  });

const mostLengths = 20;

const list = (most: number) =>
  z
    .array(count(most))
    .nonempty('needs at least one length, such as [512, 2048]')
    .max(mostLengths, `has more than ${mostLengths} lengths`)
    .superRefine((lengths, context) => {
      lengths.forEach((length, index) => {
        if (lengths.indexOf(length) === index) return;
        context.addIssue({ code: 'custom', path: [index], message: 'stands there twice' });
      });
    })
    .transform(([first = 1, ...others]): LengthList => [first, ...others]);

const distribution = (most: number) =>
  z
    .strictObject({
      normal: bell(most),
      lognormal: bell(most),
      uniform: z
        .strictObject({
          min: count(most).describe('The shortest; every length up to `max` is as likely.'),
          max: count(most).describe('The longest.'),
        })
        .refine(mustRise, notBelowMin)
        .optional(),
      column: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('Takes the length of each row of `workload.file` from its key of this name.'),
    })
    .superRefine((given, context) => {
      const [first, ...others] = kinds.filter((kind) => given[kind] !== undefined);
      if (first === undefined) context.addIssue(`names no distribution: give one of ${kinds.join(', ')}`);
      for (const kind of others) {
        context.addIssue({ code: 'custom', path: [kind], message: `stands beside ${first}: keep one of them` });
      }
      for (const kind of ['normal', 'lognormal'] as const) {
        if (given[kind] === undefined || bellShare(kind, given[kind]) >= leastShare) continue;
        const message = 'has next to nothing between min and max: less than one in twenty of its draws';
        context.addIssue({ code: 'custom', path: [kind], message });
      }
    })
    .transform(({ normal, lognormal, uniform, column }): LengthDistribution | LengthColumn => {
      if (normal !== undefined) return { normal };
      if (lognormal !== undefined) return { lognormal };
      return uniform !== undefined ? { uniform } : { column: column ?? '' };
    });

/** What is drawn outside of its bounds is drawn again; below this share that would go on for too long. */
const leastShare = 0.05;

/** Mean of what requests draw, in tokens, whole and at least 1. */
export function meanLength(lengths: number | LengthDistribution): number {
  if (typeof lengths === 'number') return lengths;
  return Math.max(1, Math.round(exactMean(lengths)));
}

function exactMean(lengths: LengthDistribution): number {
  if ('uniform' in lengths) return (lengths.uniform.min + lengths.uniform.max) / 2;
  return 'normal' in lengths ? bellMean('normal', lengths.normal) : bellMean('lognormal', lengths.lognormal);
}
