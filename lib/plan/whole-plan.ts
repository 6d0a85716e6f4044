import type { Plan } from './plan.ts';

/** A plan as it was stored, perhaps before some keys of its spec were thought of: those are as if nobody had set them. */
export function wholePlan(stored: Plan): Plan {
  const { spec } = stored;
  const { notebook, untilPrecise } = spec.load as Partial<Plan['spec']['load']>;
  const { provisionedTokensPerSecond } = spec.target as Partial<Plan['spec']['target']>;
  return {
    ...stored,
    spec: {
      ...spec,
      target: { ...spec.target, provisionedTokensPerSecond: provisionedTokensPerSecond ?? null },
      load: { ...spec.load, notebook: notebook ?? null, untilPrecise: untilPrecise ?? null },
    },
  };
}
