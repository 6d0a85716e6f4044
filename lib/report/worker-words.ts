import type { Point } from '../curve/point.ts';
import { count, levelList, wordList } from './format.ts';

/** What workers said went wrong with themselves; foreign text in part. */
export interface SaidByWorkers {
  readonly words: string;
  /** `worker 3 at level 8`, `workers 0, 1 and 2 at level 8 and worker 1 at level 16`. */
  readonly where: string;
}

const mostPlaces = 3;

/** What workers said over all points, the same words together. */
export function saidByWorkers(points: readonly Point[]): readonly SaidByWorkers[] {
  const said = points.flatMap(({ level, client }) => client.workerWords.map((one) => ({ level, ...one })));
  return Array.from(
    Map.groupBy(said, ({ words }) => words),
    ([words, places]) => ({
      words,
      where: wordList(
        places.map(({ level, workers }) => `${workerList(workers)} at ${levelList([level])}`),
        mostPlaces,
      ),
    }),
  );
}

function workerList(workers: readonly number[]): string {
  return `${workers.length === 1 ? 'worker' : 'workers'} ${wordList(workers.map(count), 5)}`;
}
