import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stageLine } from '../../lib/cli/progress/progress-lines.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import type { Progress } from '../../lib/record/progress.ts';
import { probeItems } from '../../lib/report/probe-items.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { progressKey } from '../../lib/store/key-layout.ts';
import { virtualSweep } from './virtual-sweep.ts';

const fromZero = (coldStartMs: number): QueueModel => ({
  ...smallServer,
  jitter: 0,
  scaling: { least: 0, coldStartMs, idleMs: 3_600_000 },
});
const specOf = (target: string) =>
  parseSpec(`target: ${target}
workload: {inputTokens: 20, outputTokens: 5}
load: {levels: [1], driftCheck: false}
stage: {warmUp: 500ms, measure: 1s, drain: 2s}
`);
const databricks = specOf('{host: "http://mock", endpoint: llm, auth: null}');

describe('an endpoint that scales from zero', () => {
  test('is waited for by the probe, which says so; nothing of it is measured', async () => {
    let waiting: Progress | null = null;
    const { report, journal, events } = await virtualSweep({
      spec: databricks,
      mock: { model: fromZero(200_000), seed: 1 },
      observe(event, { clock, store }) {
        if (event.kind !== 'stage_started' || event.stage.kind !== 'probe') return;
        clock.callAt(clock.nowUs() + 60e6, () => {
          waiting = store.json<Progress>(progressKey('virtual', 0, 0));
        });
      },
    });
    assert.equal(report.ended?.reason, 'done');
    const { probe } = report;
    assert.ok(probe?.ok);
    assert.ok(probe.waitedMs !== null && probe.waitedMs >= 200_000 && probe.waitedMs <= 216_000, `${probe.waitedMs}`);
    assert.equal(probe.latenciesMs.length, 3, 'refusals are no answers');
    assert.ok(probe.latenciesMs.every((ms) => ms < 1000));
    const ready = probeItems(probe).find(({ name }) => name === 'Ready');
    assert.match(ready?.value ?? '', /^after 3m 2\ds of answering 503; nothing was measured before$/);
    const refused = journal.filter(({ status }) => status === 503);
    assert.ok(
      refused.length >= 13 && refused.length <= 20,
      `asked ${refused.length} times: neither hammered nor forgotten`,
    );
    assert.ok(refused.every(({ requestId }) => requestId.startsWith('s0000-')));
    for (const point of report.points) assert.deepEqual(point.errors, {});

    const stage = events.flatMap((event) => (event.kind === 'stage_started' ? [event.stage] : []))[0];
    assert.ok(stage && waiting);
    const line = stageLine(
      stage,
      { levels: 1, done: 0, more: null, grid: false },
      [waiting],
      stage.startsAtEpochMs + 60_000,
    );
    assert.equal(line, 'Probe · the endpoint is not ready (503): waiting 1m of at most 15m');
  });

  test('that is not ready within its bound fails the probe, with how long it was waited for', async () => {
    const spec = specOf('{url: "http://mock/v1", readyWithin: 90s}');
    const { report, journal } = await virtualSweep({ spec, mock: { model: fromZero(200_000), seed: 1 } });
    assert.equal(report.ended?.reason, 'probe_failed');
    const detail = report.ended?.detail ?? '';
    assert.match(detail, /^The endpoint was not ready: it answered with HTTP status 503 for 1m \d+s\./);
    assert.match(detail, /scaling up from zero.*Raise target\.readyWithin if it takes longer/);
    const [first, last] = [journal[0], journal.at(-1)];
    assert.ok((last?.arrivalUs ?? 0) - (first?.arrivalUs ?? 0) <= 90e6, 'never asked after the bound');
  });

  test('is not waited for unless that was asked for; then the remedy names the key', async () => {
    const spec = specOf('{url: "http://mock/v1"}');
    const { report, journal } = await virtualSweep({ spec, mock: { model: fromZero(200_000), seed: 1 } });
    assert.equal(journal.length, 1);
    assert.match(report.ended?.detail ?? '', /HTTP status 503.*give target\.readyWithin, such as 10m/);
    assert.equal(report.probe?.waitedMs, null);
  });

  test('a stop ends the wait at once', async () => {
    let stoppedUs = 0;
    const { report, journal } = await virtualSweep({
      spec: databricks,
      mock: { model: fromZero(600_000), seed: 1 },
      observe(event, { clock, stop }) {
        if (event.kind !== 'stage_started') return;
        stoppedUs = clock.nowUs() + 31e6;
        clock.callAt(stoppedUs, stop);
      },
    });
    assert.equal(report.ended?.reason, 'stopped');
    assert.ok(Math.max(...journal.map(({ arrivalUs }) => arrivalUs)) <= stoppedUs + 5e6);
  });

  test('is ready at once: nothing is said of it', async () => {
    const { report } = await virtualSweep({
      spec: databricks,
      mock: { model: { ...smallServer, jitter: 0 }, seed: 1 },
    });
    assert.equal(report.probe?.waitedMs, null);
    assert.ok(report.probe && !probeItems(report.probe).some(({ name }) => name === 'Ready'));
  });
});

describe('a probe that could not send', () => {
  test('ends the sweep with why, and what to do', async () => {
    const { report, journal } = await virtualSweep({
      spec: specOf('{url: "http://mock/v1", auth: {env: KEY}}'),
      mock: { model: smallServer, seed: 1 },
      work: async (assignment, ports) => {
        const { runAssignment } = await import('../../lib/worker/run-assignment.ts');
        const secrets = {
          resolve: async () => Promise.reject(new Error('the secret "llm/key" is empty: store the key there')),
        };
        return runAssignment(assignment, { ...ports, secrets });
      },
    });
    assert.equal(journal.length, 0);
    assert.equal(
      report.ended?.detail,
      'Nothing could be sent to the endpoint. Why: the secret "llm/key" is empty: store the key there.',
    );
  });
});
