import { checkSpec } from '../../lib/spec/parse.ts';
import type { Slo } from '../../lib/spec/slo.ts';

/** An SLO as the spec's parser gives it; durations as people write them. */
export function sloFrom(slo: unknown): Slo {
  const parsed = checkSpec({
    target: { url: 'http://mock/v1' },
    workload: { inputTokens: 100, outputTokens: 8 },
    load: { levels: [1] },
    slo,
  }).slo;
  if (parsed === null) throw new Error('there is an SLO');
  return parsed;
}
