import { before, describe, it } from 'node:test';
import { assertSurvives, start } from '../sweep/cloud-start.ts';
import type { VirtualStartResult } from '../sweep/virtual-start.ts';

describe('the orchestrator dies at every checkpoint in turn: same result, no load sent twice', () => {
  let whole: VirtualStartResult;
  before(async () => {
    whole = await start();
  });
  for (const phase of ['before', 'after'] as const) {
    it(`${phase} it is stored`, async () => {
      for (let dies = 1; dies <= whole.checkpoints; dies++) await assertSurvives(whole, dies, phase);
    });
  }
});
