import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopOnInterrupt } from '../../lib/cli/interrupt.ts';

test('the end of the terminal stops as Ctrl-C does, and told twice it is no second Ctrl-C', (t) => {
  const exit = t.mock.method(process, 'exit', () => undefined as never);
  let stops = 0;
  const interrupt = stopOnInterrupt(() => {
    stops += 1;
  });
  process.emit('SIGHUP');
  process.emit('SIGHUP');
  assert.deepEqual([interrupt.stop.aborted, stops, exit.mock.callCount()], [true, 1, 0]);
  process.emit('SIGINT');
  assert.deepEqual(exit.mock.calls[0]?.arguments, [130], 'a Ctrl-C after it leaves at once');
  interrupt.close();
  assert.equal(process.listenerCount('SIGHUP'), 0);
});
