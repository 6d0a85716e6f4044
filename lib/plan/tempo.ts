import type { Tempo } from './assignment.ts';

/** Tempo of a sweep on one machine, where starting a worker takes a fraction of a second. */
export const laptopTempo: Tempo = {
  leadMs: 1000,
  connectAheadMs: 300,
  progressMs: 1000,
  controlPollMs: 1000,
  graceMs: 30_000,
  watchMs: 250,
  collectMs: 50,
  flushMs: 60_000,
};

/** Tempo of a sweep in the cloud: a worker may start cold, and every look of the orchestrator costs operations. */
export const cloudTempo: Tempo = {
  leadMs: 15_000,
  connectAheadMs: 2000,
  progressMs: 5000,
  controlPollMs: 5000,
  graceMs: 30_000,
  watchMs: 60_000,
  collectMs: 5000,
  flushMs: 60_000,
};
