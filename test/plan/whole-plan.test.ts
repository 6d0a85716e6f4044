import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../lib/plan/plan.ts';
import { wholePlan } from '../../lib/plan/whole-plan.ts';
import { loadItems } from '../../lib/report/load-items.ts';
import { samplePlan } from './sample-plan.ts';

test('a plan that was stored before a key of its spec was thought of is whole, and can be told in a report', () => {
  const { spec, ...rest } = samplePlan();
  const { notebook: _notebook, untilPrecise: _until, ...load } = spec.load;
  const { provisionedTokensPerSecond: _provisioned, ...target } = spec.target;
  const whole = wholePlan({ ...rest, spec: { ...spec, load, target } } as Plan);
  assert.deepEqual(whole, { ...rest, spec });
  assert.ok(loadItems(whole.spec).length > 5);
});
