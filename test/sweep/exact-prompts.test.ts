import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FaultShare } from '../../lib/mock/fault-choice.ts';
import { probeItems } from '../../lib/report/probe-items.ts';
import { describeFault, SpecError } from '../../lib/spec/fault.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { steadyServer } from '../worker/run-virtually.ts';
import { virtualSweep } from './virtual-sweep.ts';

const specOf = (workload: string) =>
  parseSpec(`target: {url: http://mock/v1, model: mock}
workload: ${workload}
load: {levels: [2], driftCheck: false}
stage: {warmUp: 1s, measure: 4s, drain: 2s}
`);

const sweep = (workload: string, templateTokens: number, faults: readonly FaultShare[] = []) =>
  virtualSweep({
    spec: specOf(workload),
    mock: { model: { ...steadyServer, prefillPerTokenMs: 0.1 }, seed: 1, templateTokens, faults },
  });

describe('exact prompts', () => {
  test('ten requests find and confirm the length, chat template included; every later prompt has it', async () => {
    const { report, journal } = await sweep('{inputTokens: 200, outputTokens: 3, exact: true}', 37);
    const { probe } = report;
    assert.ok(probe?.ok);
    assert.deepEqual([probe.promptTokens, probe.exactPrompts, probe.latenciesMs.length], [200, 9, 10]);
    const item = probeItems(probe).find(({ name }) => name === 'Exact prompts');
    assert.equal(item?.value, '200 tokens, as asked for, in each of the last 9');
    const load = journal.filter(({ requestId }) => requestId.startsWith('s0001'));
    assert.ok(load.length > 20);
    assert.ok(load.every(({ inputTokens }) => inputTokens === 200));
  });

  test('without it three requests are sent, and nothing is said of it', async () => {
    const { report } = await sweep('{inputTokens: 200, outputTokens: 3}', 37);
    assert.deepEqual([report.probe?.latenciesMs.length, report.probe?.exactPrompts], [3, null]);
  });

  const hopeless: readonly {
    why: string;
    workload: string;
    template: number;
    faults?: readonly FaultShare[];
    says: RegExp;
  }[] = [
    {
      why: 'the chat template alone is longer',
      workload: '{inputTokens: 20, outputTokens: 3, exact: true}',
      template: 37,
      says: /Why: the endpoint counts a prompt of 1 word as 38 tokens: its chat template leaves no room for a prompt of 20\./,
    },
    {
      why: 'the endpoint counts nothing',
      workload: '{inputTokens: 200, outputTokens: 3, exact: true}',
      template: 0,
      faults: [{ kind: 'no_usage', share: 1 }],
      says: /Why: the endpoint does not count the tokens of prompts\./,
    },
  ];
  for (const { why, workload, template, faults, says } of hopeless) {
    test(`that can’t be had end the sweep before anything is measured: ${why}`, async () => {
      const { report, journal } = await sweep(workload, template, faults);
      assert.equal(report.ended?.reason, 'probe_failed');
      assert.match(report.ended.detail ?? '', /^Prompts of exactly the length that was asked for could not be made\. /);
      assert.match(report.ended.detail ?? '', says);
      assert.match(report.ended.detail ?? '', /Leave workload\.exact out/);
      assert.ok(journal.every(({ requestId }) => requestId.startsWith('s0000')));
    });
  }

  test('mean one length: with a distribution or a file they are refused', () => {
    for (const workload of [
      '{inputTokens: {uniform: {min: 1, max: 2}}, outputTokens: 1, exact: true}',
      '{file: a.jsonl, exact: true}',
    ]) {
      const refuse = () => specOf(workload);
      assert.throws(refuse, (error) => {
        assert.ok(error instanceof SpecError);
        assert.match(error.faults.map(describeFault).join(), /^workload\.exact needs inputTokens to be one length/);
        return true;
      });
    }
  });
});
