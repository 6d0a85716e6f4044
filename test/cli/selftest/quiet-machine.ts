import type { Accuracy } from '../../../lib/cli/selftest/accuracy.ts';

export const spread = { samples: 10_000, p50: 0.05, p99: 0.9, p999: 2, least: 0.02, most: 3 };

/** What 64 streams on a machine without other work give. */
export const quiet: Accuracy = {
  streams: 64,
  requests: 640,
  lost: 0,
  tokenErrorMs: spread,
  ttftErrorMs: spread,
  cpuUsPerToken: 50,
  mockGapMs: 20,
  eventLoopDelayP99Ms: 1,
  idleThreadDelayP99Ms: 1,
};
