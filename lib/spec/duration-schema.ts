import { z } from 'zod';
import { durationPattern, parseDurationMs } from './duration.ts';

/** A duration as people write it, in milliseconds once parsed. */
export const durationSchema = z
  .string()
  .regex(durationPattern, 'must be a duration such as 500ms, 30s or 2m')
  .transform((text) => parseDurationMs(text) ?? Number.NaN)
  .refine((ms) => ms > 0 && ms <= 24 * 3_600_000, 'must be more than 0 and at most 24h');
