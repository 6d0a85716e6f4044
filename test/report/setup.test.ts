import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Report } from '../../lib/report/report.ts';
import { setupOf } from '../../lib/report/setup.ts';
import { sampleReport } from './sample-report.ts';

const machine = { node: 'v24.0.0', platform: 'linux arm64', cpus: 2 };
const runOf = (told: Report['machine']) => {
  const groups = setupOf({ ...sampleReport(), machine: told });
  return new Map(groups.find(({ title }) => title === 'Run')?.items.map(({ name, value }) => [name, value]));
};

describe('the setup of a report', () => {
  it('names the region of a sweep in the cloud beside its machine', () => {
    const run = runOf({ ...machine, region: 'eu-central-1' });
    assert.equal(run.get('Region'), 'eu-central-1');
    assert.equal(run.get('Machine'), 'Node v24.0.0, linux arm64, 2 cores');
  });
  it('names none of a sweep on a laptop', () => {
    assert.equal(runOf({ ...machine, region: null }).has('Region'), false);
  });
  it('says that nothing of the machine is known before the probe is over', () => {
    assert.equal(runOf(null).get('Machine'), 'not reported yet');
  });
});
