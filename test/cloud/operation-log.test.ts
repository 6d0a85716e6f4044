import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OperationUpdate } from '@aws-sdk/client-lambda';
import { OperationLog } from './operation-log.ts';

const startMs = 1_700_000_000_000;
const logOf = (limits?: ConstructorParameters<typeof OperationLog>[2]) =>
  new OperationLog({ id: 'execution', input: '{}' }, startMs, limits);
const step = (
  Id: string,
  Action: 'START' | 'SUCCEED' | 'RETRY',
  more: Partial<OperationUpdate> = {},
): OperationUpdate => ({
  Id,
  Name: Id,
  Type: 'STEP',
  Action,
  ...more,
});
const status = (log: OperationLog, id: string) => log.get(id)?.Status;

describe('time', () => {
  test('a wait ends when its seconds are over, not before', () => {
    const log = logOf();
    log.apply([{ Id: 'w', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds: 5 } }], startMs);
    assert.equal(log.nextDueMs, startMs + 5000);
    log.passTime(startMs + 4999);
    assert.equal(status(log, 'w'), 'STARTED');
    log.passTime(startMs + 5000);
    assert.deepEqual([status(log, 'w'), log.nextDueMs], ['SUCCEEDED', null]);
  });

  test('a step to be retried is pending, then ready, and counts its attempts', () => {
    const log = logOf();
    log.apply([step('s', 'START')], startMs);
    log.apply([step('s', 'RETRY', { StepOptions: { NextAttemptDelaySeconds: 2 } })], startMs);
    assert.deepEqual([status(log, 's'), log.get('s')?.StepDetails?.Attempt], ['PENDING', 1]);
    log.passTime(startMs + 2000);
    assert.equal(status(log, 's'), 'READY');
  });

  test('a heartbeat puts the heartbeat timeout of a callback off, and not its timeout', () => {
    const log = logOf();
    const CallbackOptions = { TimeoutSeconds: 9, HeartbeatTimeoutSeconds: 4 };
    log.apply([{ Id: 'c', Type: 'CALLBACK', Action: 'START', CallbackOptions }], startMs);
    log.heartbeat('c', startMs + 3000);
    log.passTime(startMs + 6999);
    assert.equal(status(log, 'c'), 'STARTED');
    log.heartbeat('c', startMs + 6999);
    log.passTime(startMs + 9000);
    assert.deepEqual(
      [status(log, 'c'), log.get('c')?.CallbackDetails?.Error?.ErrorType],
      ['TIMED_OUT', 'Callback.Timeout'],
    );
  });

  test('a callback without its heartbeat times out', () => {
    const log = logOf();
    log.apply(
      [{ Id: 'c', Type: 'CALLBACK', Action: 'START', CallbackOptions: { HeartbeatTimeoutSeconds: 4 } }],
      startMs,
    );
    log.passTime(startMs + 4000);
    assert.equal(log.get('c')?.CallbackDetails?.Error?.ErrorType, 'Callback.Heartbeat');
    assert.equal(log.nextDueMs, null);
  });
});

describe('limits', () => {
  test('3,000 operations are stored, and of a checkpoint with one more nothing', () => {
    const log = logOf();
    log.apply(
      Array.from({ length: 2999 }, (_, index) => step(`s${index}`, 'SUCCEED')),
      startMs,
    );
    assert.throws(() => log.apply([step('a', 'SUCCEED'), step('b', 'SUCCEED')], startMs), /more than 3000 operations/);
    assert.equal(log.get('a'), undefined);
    log.apply([step('a', 'SUCCEED')], startMs);
  });

  test('each retry of a step counts as an operation; its start and end count once', () => {
    const log = logOf({ operations: 3, payloadBytes: 10 });
    log.apply([step('s', 'START'), step('s', 'RETRY')], startMs);
    log.apply([step('s', 'RETRY')], startMs);
    log.apply([step('s', 'START')], startMs);
    assert.throws(() => log.apply([step('s', 'RETRY')], startMs), { code: 'InvalidParameterValueException' });
    log.apply([step('s', 'SUCCEED')], startMs);
  });

  test('a payload is measured in bytes, not characters', () => {
    const log = logOf({ operations: 9, payloadBytes: 4 });
    log.apply([step('fits', 'SUCCEED', { Payload: 'éé' })], startMs);
    assert.throws(() => log.apply([step('not', 'SUCCEED', { Payload: 'ééé' })], startMs), /exceeds 4 bytes/);
  });

  test('an operation that has ended takes no update', () => {
    const log = logOf();
    log.apply([step('s', 'SUCCEED', { Payload: '1' })], startMs);
    assert.throws(() => log.apply([step('s', 'SUCCEED', { Payload: '2' })], startMs), /has ended/);
    assert.equal(log.get('s')?.StepDetails?.Result, '1');
  });
});

describe('what the function is told', () => {
  test('each change once', () => {
    const log = logOf();
    log.apply([step('a', 'START')], startMs);
    assert.deepEqual(
      log.takeNews().map(({ Id }) => Id),
      ['a'],
    );
    assert.deepEqual(log.takeNews(), []);
  });

  test('no descendants of a context that has ended, unless they are to be replayed', () => {
    const log = logOf();
    const context = (Id: string, ParentId: string | undefined, Action: 'START' | 'SUCCEED', ReplayChildren = false) =>
      ({ Id, ParentId, Type: 'CONTEXT', Action, ContextOptions: { ReplayChildren } }) as const;
    log.apply([context('outer', undefined, 'START'), context('inner', 'outer', 'START')], startMs);
    log.apply([step('leaf', 'SUCCEED', { ParentId: 'inner' }), context('inner', 'outer', 'SUCCEED', true)], startMs);
    const ids = () => log.visible().map(({ Id }) => Id);
    assert.deepEqual(ids(), ['execution', 'outer', 'inner', 'leaf']);
    log.apply([context('outer', undefined, 'SUCCEED')], startMs);
    assert.deepEqual(ids(), ['execution', 'outer']);
  });
});
