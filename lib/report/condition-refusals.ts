import type { Spec } from '../spec/schema.ts';
import type { Condition } from './condition.ts';
import { count } from './format.ts';

/** Why a sweep could never tell whether a condition holds, a sentence each; known before anything is sent. */
export function conditionRefusals(conditions: readonly Condition[], { load, slo }: Spec): readonly string[] {
  return conditions.flatMap(({ text, metric, level }) => {
    const refusals: string[] = [];
    if (level !== null && load.search === null && !load.levels.includes(level)) {
      refusals.push(`--fail-on ${text}: the sweep has no level ${count(level)}, only ${load.levels.join(', ')}`);
    }
    if (level !== null && load.search !== null && (level < load.search.from || level > load.search.to)) {
      const { from, to } = load.search;
      refusals.push(`--fail-on ${text}: the search goes from ${count(from)} to ${count(to)}`);
    }
    if (metric === 'goodput' && slo?.perRequest == null) {
      refusals.push(
        `--fail-on ${text}: goodput is the share of requests that keep slo.perRequest, which the sweep lacks`,
      );
    }
    return refusals;
  });
}
