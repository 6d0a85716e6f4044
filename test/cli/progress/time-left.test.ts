import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventLine } from '../../../lib/cli/progress/progress-lines.ts';
import { afterEvent, boardLines, nothingYet } from '../../../lib/cli/progress/sweep-so-far.ts';
import { type Rest, timeLeft, timeLeftText } from '../../../lib/cli/progress/time-left.ts';
import { scheduleStage } from '../../../lib/plan/stage.ts';
import type { SweepEvent } from '../../../lib/sweep/sweep-event.ts';
import { steadySweep } from './steady-sweep.ts';

const minutes = (least: number, most = least) => ({ least: least * 60_000, most: most * 60_000 });

describe('the time left, told', () => {
  const cases = [
    { ms: [1000, 1000], told: 'about 5s left', why: 'never nothing while something runs' },
    { ms: [41_000, 43_000], told: 'about 40s to 45s left', why: 'to five seconds below a minute' },
    { ms: [92_000, 94_000], told: 'about 1m 30s left', why: 'to ten below three' },
    { ms: [200_000, 400_000], told: 'about 3m to 7m left', why: 'then to minutes' },
    { ms: [7_500_000, 7_500_000], told: 'about 2h 5m left', why: 'hours too' },
  ];
  for (const { ms, told, why } of cases) {
    const [least = 0, most = 0] = ms;
    test(`${told}: ${why}`, () => assert.equal(timeLeftText({ least, most }), told));
  }
});

describe('the time left while a stage runs', () => {
  const design = {
    stage: 1,
    kind: 'load',
    level: 1,
    repeat: 0,
    cell: { inputTokens: 1, outputTokens: 1 },
    pass: null,
    warmUpMs: 30_000,
    windowMs: 60_000,
    requestsPerStream: null,
    drainMs: 30_000,
    rampMs: 0,
    workers: 1,
  } as const;
  const stage = scheduleStage('a', design, 1_000_000);
  const rest: Rest = { stageMs: minutes(1.5, 2), afterMs: minutes(3, 5) };
  const cases = [
    { atMs: 0, left: minutes(4.5, 7), why: 'all of the stage, and all after it' },
    { atMs: 60_000, left: minutes(3.5, 6), why: 'what is over is not left' },
    { atMs: -30_000, left: minutes(5, 7.5), why: 'a stage that has yet to begin' },
    { atMs: 150_000, left: minutes(3, 5), why: 'a stage that drains for longer is over any moment' },
  ];
  for (const { atMs, left, why } of cases) {
    test(why, () => assert.deepEqual(timeLeft(rest, stage, 1_000_000 + atMs), left));
  }
  test('a window that was made longer than expected is waited for', () =>
    assert.deepEqual(timeLeft({ ...rest, stageMs: minutes(0.5) }, stage, 1_030_000), minutes(4, 6)));
});

test('through a whole sweep the time left comes true, and the board shows the levels that are over', () => {
  const events = steadySweep();
  const last = events.findLast((event) => event.kind === 'stage_started')?.stage;
  const endsAtEpochMs = (last?.windowEndsAtEpochMs ?? 0) + 1000;
  let sweep = nothingYet;
  const boards: string[] = [];
  for (const event of events) {
    sweep = afterEvent(sweep, event);
    const { running, rest } = sweep;
    if (running === null) continue;
    const nowEpochMs = running.startsAtEpochMs + 1000;
    boards.push(boardLines(sweep, { progress: [], nowEpochMs, columns: 80 }).join('\n'));
    assert.equal(rest === null, running.kind === 'probe');
    if (rest === null) continue;
    const { least, most } = timeLeft(rest, running, nowEpochMs);
    const real = endsAtEpochMs - nowEpochMs;
    assert.ok(least <= real + 2000 && most >= real - 2000, `${least} to ${most}, really ${real}`);
  }
  const [probe = '', first = '', second = '', , drift = ''] = boards;
  assert.equal(probe, 'Probe · asking the endpoint');
  assert.match(first, /^Level 1 \(1 of 3\) · .*\ntok\/s {2}… {2}· {2}·\s*\n {7}1 {2}4 {2}16 {2}about .* left$/);
  assert.match(second, /\ntok\/s {2}██ … {2}· {3}most 10 at 1\n/);
  assert.match(drift, /^Drift check.*\ntok\/s {2}▁▁ ▂▂ ██ {2}most 160 at 16\n.*about \d+s left$/s);
  assert.deepEqual(boardLines(sweep, { progress: [], nowEpochMs: 0, columns: 80 }), [], 'nothing lives after the end');
});

test('on a narrow terminal each part keeps to its width', () => {
  const events = steadySweep();
  const running = events.slice(0, 6).reduce(afterEvent, nothingYet);
  for (const columns of [15, 20, 25, 30, 40]) {
    const [, ...lines] = boardLines(running, { progress: [], nowEpochMs: 0, columns });
    assert.ok(
      lines.every((line) => line.length < columns),
      lines.join('\n'),
    );
    assert.match(lines.at(-1) ?? '', /about/);
  }
});

test('a stage that was cut off is no level of the curve', () => {
  const events = steadySweep();
  const sweep = events
    .map((event) => (event.kind === 'stage_ended' && event.stage.level === 4 ? cutOff(event) : event))
    .reduce(afterEvent, nothingYet);
  assert.deepEqual([sweep.place.done, sweep.verdicts.some(({ level }) => level === 4)], [2, false]);
});

test('a level whose workers were all lost runs again in the same place', () => {
  const lost = { requests: 0, reasons: ['streams_missing'], state: 'void' } as const;
  let sweep = nothingYet;
  const told = steadySweep(({ stage }) => (stage === 1 ? lost : {})).flatMap((event) => {
    sweep = afterEvent(sweep, event);
    return event.kind === 'stage_started' ? [eventLine(event, sweep.place, false)?.split(' …')[0]] : [];
  });
  assert.deepEqual(told, [
    'Probe',
    'Level 1 (1 of 3)',
    'Level 1 (1 of 3)',
    'Level 4 (2 of 3)',
    'Level 16 (3 of 3)',
    'Drift check, level 1',
  ]);
});

const cutOff = (event: Extract<SweepEvent, { kind: 'stage_ended' }>): SweepEvent => ({
  ...event,
  stage: { ...event.stage, cutOff: true },
});
