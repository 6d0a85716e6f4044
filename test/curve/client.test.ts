import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import { dataOf } from './sample-stage.ts';
import { changeReceipts, steadyStage } from './steady-stage.ts';

const crew = steadyStage({ level: 40, workers: 20, windowMs: 4000 });
const wordsOf = (failure: (worker: number) => string | null) =>
  pointOf(dataOf(changeReceipts(crew, ({ worker }) => ({ failure: failure(worker) })))).client.workerWords;

describe('the words of workers about themselves', () => {
  it('are none of workers that had no trouble', () =>
    assert.deepEqual(
      wordsOf(() => null),
      [],
    ));

  it('stand once with all workers that said them, the most frequent first', () => {
    assert.deepEqual(
      wordsOf((worker) => (worker === 3 ? 'no key' : worker > 16 ? 'the disk is full' : null)),
      [
        { words: 'the disk is full', workers: [17, 18, 19] },
        { words: 'no key', workers: [3] },
      ],
    );
  });

  it('are the same though each names a file of its own', () => {
    assert.deepEqual(
      wordsOf((worker) => (worker < 2 ? `can't write records/stage=0001/w000${worker}-7.parquet` : null)),
      [{ words: "can't write records/stage=0001/w….parquet", workers: [0, 1] }],
    );
  });

  it('are at most five different ones of 300 characters each', () => {
    const words = wordsOf((worker) => `${worker} `.repeat(1000));
    assert.equal(words.length, 5);
    assert.ok(words.every((one) => one.words.length === 300));
  });
});
