import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sweepLogOf } from '../../functions/sweep-log.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import { samplePlan, sampleSpec } from '../plan/sample-plan.ts';

const logOf = (load: Partial<Spec['load']>) => sweepLogOf({ kind: 'planned', plan: samplePlan(sampleSpec({ load })) });

describe('the log of a plan', () => {
  it('names the levels', () => {
    assert.deepEqual(logOf({ levels: [1, 8] }), { kind: 'planned', sweep: 'test', levels: [1, 8], capacity: 10 });
  });
  it('names the bounds of a search, which has no levels of its own', () => {
    assert.deepEqual(logOf({ levels: [], search: { from: 2, to: 64 } }), {
      kind: 'planned',
      sweep: 'test',
      search: { from: 2, to: 64 },
      capacity: 10,
    });
  });
});
