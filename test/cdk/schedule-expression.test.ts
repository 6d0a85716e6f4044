import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultsOfCron, faultsOfRate, isTimeZone, scheduleExpression } from '../../cdk/schedule-expression.ts';

describe('cron of EventBridge Scheduler', () => {
  const good = [
    ['0 3 * * ? *', 'every night'],
    ['0/15 8-17 ? * MON-FRI *', 'ranges, steps and names of days'],
    ['30 6 1,15 * ? 2027', 'lists and a year'],
    ['0 0 L * ? *', 'the last day of the month'],
    ['0 0 15W * ? *', 'the working day nearest to the 15th'],
    ['0 0 ? * 2#1 *', 'the first Monday'],
    ['0 0 ? JAN-MAR 6L *', 'the last Friday of three months'],
    ['*/5 * * * ? *', 'a step from the start'],
  ] as const;
  for (const [cron, reason] of good) it(`takes ${cron}: ${reason}`, () => assert.deepEqual(faultsOfCron(cron), []));

  const bad = [
    ['0 3 * * *', /six fields/, 'Unix has five'],
    ['0 3 * * * *', /\? either/, 'one of the two days must be open'],
    ['0 3 ? * ? *', /\? either/, 'and only one'],
    ['60 3 * * ? *', /"60" as minute/, 'minutes end at 59'],
    ['0 24 * * ? *', /"24" as hour/, 'hours end at 23'],
    ['0 3 32 * ? *', /"32" as day of the month/, 'no month has 32 days'],
    ['0 3 * 13 ? *', /"13" as month/, 'twelve months'],
    ['0 3 ? * 0 *', /"0" as day of the week/, 'Sunday is 1'],
    ['0 3 ? * MON-FUN *', /"MON-FUN"/, 'no such day'],
    ['0 3 * * ? 1969', /"1969" as year/, 'years begin with 1970'],
    ['5-1 3 * * ? *', /"5-1" as minute/, 'a range rises'],
    ['*/0 3 * * ? *', /"\*\/0" as minute/, 'a step is at least 1'],
    ['0 three * * ? *', /"three" as hour/, 'no words'],
    ['', /six fields/, 'nothing'],
  ] as const;
  for (const [cron, fault, reason] of bad)
    it(`refuses ${cron || 'an empty text'}: ${reason}`, () => assert.match(faultsOfCron(cron).join(), fault));

  it('tells every fault of an expression', () => assert.equal(faultsOfCron('60 24 * 13 ? *').length, 3));
});

describe('rates', () => {
  for (const rate of ['1 day', '12 hours', '90 minutes', '1 days'])
    it(`takes ${rate}`, () => assert.deepEqual(faultsOfRate(rate), []));
  for (const rate of ['0 days', '1.5 hours', 'daily', '1 week', '-1 hour', '30 seconds', ''])
    it(`refuses ${rate || 'an empty text'}`, () => assert.equal(faultsOfRate(rate).length, 1));
});

describe('a schedule’s expression', () => {
  it('has the singular for one and the plural for more', () => {
    assert.equal(scheduleExpression('rate', '1 days'), 'rate(1 day)');
    assert.equal(scheduleExpression('rate', '12 hour'), 'rate(12 hours)');
  });
  it('has names of days in capitals and single spaces', () =>
    assert.equal(scheduleExpression('cron', ' 0  3 ? * mon *'), 'cron(0 3 ? * MON *)'));
});

describe('time zones', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])
    it(`knows ${zone}`, () => assert.ok(isTimeZone(zone)));
  for (const zone of ['Berlin', '+02:00', '', 'Mars/Olympus'])
    it(`does not know ${zone || 'an empty text'}`, () => assert.ok(!isTimeZone(zone)));
});
