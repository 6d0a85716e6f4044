import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeProgress } from '../../../lib/cli/cloud/describe-progress.ts';
import { statusIn, sweep } from '../../sweep/cloud-start.ts';
import { virtualStart } from '../../sweep/virtual-start.ts';

const alive = async () => null;

async function described(load: object, slo: object | null = null): Promise<string> {
  const event = { sweep: { ...sweep, load: { driftCheck: false, ...load }, ...(slo && { slo }) }, id: 'cloud' };
  const run = await virtualStart({ event });
  return describeProgress(run.store, statusIn(run), alive);
}

describe('the status of a sweep in lines', () => {
  it('counts every run of a level', async () => {
    const text = await described({ levels: [1, 2], repeats: 2 });
    assert.match(text, /^cloud: ended \(done\)\n {2}Probe · /);
    const places = [...text.matchAll(/^ {2}Level \d \((.*?)\)/gm)].map(([, place]) => place);
    assert.deepEqual(places, ['1 of 4', '2 of 4', '3 of 4', '4 of 4']);
  });
  it('of a search, whose length nobody knows, tells the stage', async () => {
    const text = await described({ search: { from: 1, to: 2 } }, { percentiles: { latency: { p50: '1h' } } });
    assert.match(text, /Level 1 \(stage 1 of the search\) · .*\n {2}Level 2 \(stage 2 of the search\) · /);
  });
  it('says of one that should run and whose execution is over that it is', async () => {
    const run = await virtualStart({ event: { sweep, id: 'cloud' } });
    const status = { ...statusIn(run), state: 'running' as const, ended: null };
    const text = await describeProgress(run.store, status, async () => 'its execution is over (TIMED_OUT)');
    assert.match(text, /did not come to its end: its execution is over \(TIMED_OUT\)$/);
  });
});
