import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadFleet } from '../../lib/fleet/thread-fleet.ts';
import { closedForm } from '../../lib/mock/closed-form.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { startMockServer } from '../../lib/mock/server.ts';
import type { Report } from '../../lib/report/report.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { fileStore } from '../../lib/store/file-store.ts';
import { getJson } from '../../lib/store/json.ts';
import { reportKey } from '../../lib/store/key-layout.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { runHere } from '../sweep/run-here.ts';
import { inEmptyFolder } from './command-line.ts';

/** The one coarse bound in real time: scheduling on a busy machine, not the client's accuracy, which is benched. */
const coarseMs = 25;

test('in real time, over real sockets and threads: TTFT within 25 ms of the mock’s closed form', () =>
  inEmptyFolder(async (folder) => {
    const clock = systemClock();
    const model: QueueModel = { ...smallServer, jitter: 0 };
    const server = await startMockServer({ port: 0, clock, model, seed: 1 });
    const store = fileStore(folder);
    const fleet = threadFleet({ folder, secrets: {} });
    const spec = parseSpec(`target: {url: "${server.url}", model: mock}
workload: {inputTokens: 100, outputTokens: 10}
load: {levels: [4], driftCheck: false}
stage: {warmUp: 500ms, measure: 3s, drain: 2s}`);
    await runHere({ spec, store, fleet, clock });
    await fleet.close();
    await server.close();
    const truth = closedForm(model, { inputTokens: 100, outputTokens: 10 }, 4);
    const report = await getJson<Report>(store, reportKey('real', 'report.json'));
    const point = report?.points[0];
    assert.equal(report?.ended?.reason, 'done');
    assert.ok(point && point.ok === point.requests && point.requests > 20, JSON.stringify(point?.errors));
    assert.ok(
      Math.abs((point.ttftMs.p50 ?? 0) - truth.ttftMs) < coarseMs,
      `TTFT ${point.ttftMs.p50}, true ${truth.ttftMs}`,
    );
    assert.equal(point.client.completeness === null ? null : Math.round(point.client.completeness * 1000), 1000);
  }));
