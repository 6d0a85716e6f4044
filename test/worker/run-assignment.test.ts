import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claimKey, controlKey, recordsPrefix } from '../../lib/store/key-layout.ts';
import { metricsOf } from '../../lib/timing/metrics.ts';
import { runVirtually } from './run-virtually.ts';

describe('a worker holds its share of a stage', () => {
  test('level 2 of a steady endpoint: each answer as the journal says, in flight all the time', async () => {
    const { end, receipt, records, journal } = await runVirtually();
    assert.equal(end, 'done');
    for (const record of records.filter(({ outcome }) => outcome === 'ok')) {
      const truth = journal.find(({ requestId }) => requestId === record.requestId);
      assert.ok(truth, record.requestId);
      const { ttftMs, latencyMs, tpotMs } = metricsOf(record);
      assert.equal(ttftMs, ((truth.sendUs[0] ?? 0) - truth.arrivalUs) / 1000);
      assert.equal(latencyMs, ((truth.sendUs.at(-1) ?? 0) - truth.arrivalUs) / 1000);
      assert.equal(tpotMs, 10);
      assert.equal(record.outputTokens, truth.outputTokens);
      assert.equal(record.inputTokens, 100);
    }
    assert.ok(Math.abs(receipt.inFlightSeconds - 8) < 0.01, `2 streams × 4 s, not ${receipt.inFlightSeconds}`);
  });

  test('the cohort is every request due in [window start, window end); warm-up before, after behind', async () => {
    const { records } = await runVirtually();
    for (const { dueUs, phase } of records) {
      const expected = dueUs < 1_000_000 ? 'warm_up' : dueUs < 5_000_000 ? 'cohort' : 'after';
      assert.equal(phase, expected, `due at ${dueUs}`);
    }
    assert.deepEqual([...new Set(records.map(({ phase }) => phase))], ['warm_up', 'cohort', 'after']);
  });

  test('streams stay loaded until the cohort has ended; what is then in flight is cancelled and not of the cohort', async () => {
    const { records } = await runVirtually();
    const cancelled = records.filter(({ outcome }) => outcome === 'cancelled');
    assert.ok(cancelled.length > 0 && cancelled.every(({ phase }) => phase === 'after'));
    const lastOfCohortUs = Math.max(
      ...records.filter(({ phase }) => phase === 'cohort').map(({ settledUs }) => settledUs ?? 0),
    );
    assert.ok(records.every(({ settledUs }) => (settledUs ?? 0) <= lastOfCohortUs + 1000));
  });

  test('first requests are spread evenly over the ramp, by the stream of the whole level', async () => {
    const design = { level: 4, rampMs: 400, workers: 2 };
    const { records, receipt } = await runVirtually({ design, worker: 1 });
    const first = records.filter(({ ordinal }) => ordinal === 0);
    assert.deepEqual(
      first.map(({ stream, dueUs }) => [stream, dueUs]),
      [
        [2, 200_000],
        [3, 300_000],
      ],
    );
    assert.equal(receipt.streams, 2);
  });

  test('the tokens of the window in the records are what the journal saw sent in it', async () => {
    const { records, journal } = await runVirtually();
    const startUs = (journal[0]?.arrivalUs ?? 0) - (records[0]?.sentUs ?? 0);
    const seen = journal.flatMap(({ sendUs }) => sendUs).filter((us) => us - startUs >= 1e6 && us - startUs < 5e6);
    const counted = records.reduce((sum, { windowTokens }) => sum + (windowTokens ?? 0), 0);
    const cut = records.filter(({ outcome }) => outcome === 'cancelled');
    assert.ok(
      cut.every(({ windowTokens }) => windowTokens === null),
      'an answer that was cut has no count',
    );
    assert.ok(Math.abs(counted - seen.length) < 1e-6, `${counted} against ${seen.length}`);
  });

  test('every request that was sent left a record, and the receipt counts them', async () => {
    const { records, journal, receipt, store } = await runVirtually();
    assert.equal(records.length, journal.length);
    assert.deepEqual(receipt.records, { parts: 1, rows: records.length, lost: 0 });
    assert.equal(receipt.requests, records.length);
    assert.deepEqual(await store.list(recordsPrefix('test', 1)), ['records/sweep=test/stage=0001/w0000-0.parquet']);
  });

  test('no prompt is sent twice, in no stage and by no worker', async () => {
    const bodies = new Set<string>();
    let sent = 0;
    for (const worker of [0, 1]) {
      await runVirtually({
        design: { workers: 2 },
        worker,
        prepare: ({ ports }) => {
          const { answer } = ports.endpoint;
          Object.assign(ports.endpoint, {
            answer: (...[request, sink]: Parameters<typeof answer>) => {
              bodies.add(request.body);
              sent += 1;
              return answer(request, sink);
            },
          });
        },
      });
    }
    assert.ok(sent > 20);
    assert.equal(bodies.size, sent);
  });
});

describe('a claim', () => {
  test('taken by another invocation: nothing is sent and nothing written', async () => {
    await assert.rejects(
      runVirtually({ prepare: ({ store }) => void store.put(claimKey('test', 1, 0), 'another nonce') }),
      /the store has no sweeps\/test\/receipts/,
    );
  });

  test('whose answer was lost is found to be ours by reading the nonce back', async () => {
    const { end } = await runVirtually({
      prepare({ store }) {
        const { put } = store;
        Object.assign(store, {
          async put(...[key, bytes, condition]: Parameters<typeof put>) {
            const first = await put(key, bytes, condition);
            return condition?.ifAbsent && first === 'stored' ? put(key, bytes, condition) : first;
          },
        });
      },
    });
    assert.equal(end, 'done');
  });
});

/** An endpoint that asks for a key. */
const withKey = {
  url: 'http://mock/v1',
  model: 'm',
  headers: {},
  auth: { env: 'K', header: 'authorization' },
  parameters: {},
  usageInStream: true,
  readyWithin: null,
} as const;

describe('a late worker', () => {
  test('within the warm-up joins, and says by how much it was late', async () => {
    const { end, receipt, records } = await runVirtually({ leadMs: -600 });
    assert.equal(end, 'done');
    assert.equal(receipt.lateMs, 600);
    assert.ok(records.some(({ phase }) => phase === 'cohort'));
  });
  test('past the warm-up sends nothing and leaves a late receipt', async () => {
    const { end, receipt, journal } = await runVirtually({ leadMs: -1600 });
    assert.equal(end, 'late');
    assert.equal(receipt.state, 'late');
    assert.equal(journal.length, 0);
  });
});

describe('control', () => {
  test('says stop: sending ends within five seconds, what was in flight is cancelled', async () => {
    const { end, records, tookMs } = await runVirtually({
      design: { windowMs: 60_000 },
      prepare: ({ clock, store }) =>
        void clock.callAt(clock.nowUs() + 10e6, () => void store.put(controlKey('test'), '{"state":"stop"}')),
    });
    assert.equal(end, 'stopped');
    assert.ok(tookMs < 15_000, `it took ${tookMs} ms`);
    assert.equal(records.filter(({ outcome }) => outcome === 'cancelled').length, 2);
  });
  test('unreadable three polls in a row: sending stops and the receipt says why', async () => {
    const { end, receipt, tookMs } = await runVirtually({
      design: { windowMs: 60_000 },
      prepare: ({ store }) =>
        store.failWith((verb, key) => (verb === 'get' && key === controlKey('test') ? 'EIO' : null)),
    });
    assert.equal(end, 'stopped');
    assert.equal(receipt.controlUnreadable, true);
    assert.ok(tookMs < 5000, `it took ${tookMs} ms`);
  });
  test('a store that does not answer at all is as unreadable: sending stops within seconds', async () => {
    const { end, receipt, tookMs } = await runVirtually({
      design: { windowMs: 120_000 },
      prepare({ store }) {
        const { get } = store;
        store.get = (key) => (key === controlKey('test') ? new Promise(() => undefined) : get(key));
      },
    });
    assert.equal(end, 'stopped');
    assert.equal(receipt.controlUnreadable, true);
    assert.ok(tookMs < 25_000, `it took ${tookMs} ms`);
  });
  test('unreadable twice, then readable: the load goes on', async () => {
    let reads = 0;
    const { end, receipt } = await runVirtually({
      prepare: ({ store }) =>
        store.failWith((verb, key) => (verb === 'get' && key === controlKey('test') && ++reads <= 2 ? 'EIO' : null)),
    });
    assert.equal(end, 'done');
    assert.equal(receipt.controlUnreadable, false);
  });
});

describe('deadlines and failures', () => {
  const rest = { deadlines: { connectMs: 1000, firstTokenMs: 700, idleMs: 400, totalMs: 900 } };
  const cases = [
    { why: 'no headers', fault: 'hang_before_headers', detail: 'first_token', afterMs: 700 },
    { why: 'silence in mid-stream', fault: 'stall', detail: 'idle', afterMs: null },
  ] as const;
  for (const { why, fault, detail, afterMs } of cases) {
    test(`${why}: a timeout named ${detail}`, async () => {
      const { records } = await runVirtually({ faults: [{ kind: fault, share: 1 }], rest });
      const [first] = records;
      assert.equal(first?.outcome, 'timeout');
      assert.equal(first?.outcomeDetail, detail);
      if (afterMs !== null) assert.equal(((first?.settledUs ?? 0) - (first?.sentUs ?? 0)) / 1000, afterMs);
    });
  }
  test('an answer that goes on too long: a timeout named total', async () => {
    const { records } = await runVirtually({ design: { cell: { inputTokens: 100, outputTokens: 500 } }, rest });
    assert.deepEqual([records[0]?.outcome, records[0]?.outcomeDetail], ['timeout', 'total']);
    assert.equal(((records[0]?.settledUs ?? 0) - (records[0]?.sentUs ?? 0)) / 1000, 900);
  });
  test('a request of the cohort in flight at the stop is cut: a timeout named drain, and no byte is sent later', async () => {
    const { records, tookMs } = await runVirtually({
      design: { drainMs: 300, cell: { inputTokens: 100, outputTokens: 100 } },
    });
    const cut = records.filter(({ outcomeDetail }) => outcomeDetail === 'drain');
    assert.ok(cut.some(({ phase }) => phase === 'cohort'));
    assert.ok(records.every(({ settledUs, sentUs }) => (settledUs ?? 0) <= 5_300_000 && (sentUs ?? 0) < 5_300_000));
    assert.ok(tookMs <= 5900, `it took ${tookMs} ms`);
  });
  test('after failures a stream pauses 0.5 s, doubling to 8 s, and the receipt counts the paused time', async () => {
    const { records, receipt } = await runVirtually({
      faults: [{ kind: 'error_500', share: 1 }],
      design: { level: 1, windowMs: 30_000, rampMs: 0 },
    });
    const dues = records.map(({ dueUs }) => dueUs / 1e6);
    const pauses = dues.slice(1).map((due, index) => Math.round((due - (dues[index] ?? 0)) * 10) / 10);
    assert.deepEqual(pauses.slice(0, 6), [0.5, 1, 2, 4, 8, 8]);
    assert.ok(receipt.pausedSeconds > 29 && receipt.pausedSeconds <= 30);
    assert.equal(receipt.outcomes.http_error, records.length);
  });
  test('a 429 waits as long as retry-after says', async () => {
    const { records } = await runVirtually({
      faults: [{ kind: 'throttled', share: 1, amount: 3 }],
      design: { level: 1 },
    });
    assert.equal(records[0]?.outcome, 'throttled');
    assert.equal(Math.round(((records[1]?.dueUs ?? 0) - (records[0]?.settledUs ?? 0)) / 1e5) / 10, 3);
  });
  test('twenty failures in a row: the stream gives up; all gave up: the worker is done early and says so', async () => {
    const { end, receipt, tookMs } = await runVirtually({
      faults: [{ kind: 'throttled', share: 1, amount: 0 }],
      design: { windowMs: 300_000 },
    });
    assert.equal(end, 'gave_up');
    assert.equal(receipt.streamsGaveUp, 2);
    assert.equal(receipt.requests, 40);
    assert.ok(tookMs < 10_000, `it took ${tookMs} ms`);
  });
  test('the key of an endpoint that repeats it stands nowhere in what is stored', async () => {
    const { store, records } = await runVirtually({
      faults: [{ kind: 'echo_key', share: 1 }],
      rest: {
        target: withKey,
      },
    });
    assert.match(records[0]?.message ?? '', /\[secret\]/);
    for (const key of store.keys()) assert.ok(!store.text(key).includes('secret-of-the-test'), key);
  });
  test('a fault of our own that quotes the key: it stands nowhere in the receipt', async () => {
    const { receipt, end } = await runVirtually({
      rest: {
        target: withKey,
      },
      prepare({ ports }) {
        ports.newHealthMonitor = () => {
          throw new Error('header "Bearer secret-of-the-test" is broken');
        };
      },
    });
    assert.equal(end, 'failed');
    assert.equal(receipt.failure, 'header "Bearer [secret]" is broken');
  });
  test('a body that stays open after the answer is over is given 100 ms: settled at the end, free after the bound', async () => {
    const { records } = await runVirtually({ faults: [{ kind: 'held_open', share: 1 }], design: { level: 1 } });
    const [first, second] = records;
    assert.equal(first?.outcome, 'ok');
    assert.equal(first?.settledUs, first?.endUs);
    assert.equal((second?.dueUs ?? 0) - (first?.endUs ?? 0), 100_000);
  });
  test('records that the store refuses are lost by count, not in silence', async () => {
    const { receipt } = await runVirtually({
      prepare: ({ store }) =>
        store.failWith((verb, key) => (verb === 'put' && key.startsWith('records/') ? 'ENOSPC' : null)),
    });
    assert.equal(receipt.records.rows, 0);
    assert.equal(receipt.records.lost, receipt.requests);
    assert.match(receipt.failure ?? '', /ENOSPC/);
  });
});
