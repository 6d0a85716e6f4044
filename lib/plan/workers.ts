/**
 * How many workers carry a level: as many as its streams need, but no more than the spec and the fleet allow; then
 * each carries more streams.
 */
export function workersFor(
  level: number,
  { streamsPerWorker, maxWorkers }: { readonly streamsPerWorker: number; readonly maxWorkers: number },
  capacity: number,
): number {
  return Math.max(1, Math.min(Math.ceil(level / streamsPerWorker), maxWorkers, capacity));
}
