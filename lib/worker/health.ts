import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { ClientHealth } from '../record/receipt.ts';
import type { HealthMonitor } from './ports.ts';

/** The monitor wakes this often; what it sees less this is delay. */
const resolutionMs = 10;

/** Watches the thread it is called on: event-loop delay, CPU time, pauses of the garbage collector. */
export function threadHealthMonitor(): HealthMonitor {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  const pauses: number[] = [];
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.push(duration);
  });
  let cpuAtStart = process.threadCpuUsage();
  let startedMs = performance.now();
  return {
    start() {
      delays.enable();
      collections.observe({ entryTypes: ['gc'] });
      cpuAtStart = process.threadCpuUsage();
      startedMs = performance.now();
    },
    stop(): ClientHealth {
      const cpu = process.threadCpuUsage(cpuAtStart);
      const wallMs = performance.now() - startedMs;
      delays.disable();
      collections.disconnect();
      const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
      return {
        eventLoopDelayMs:
          delays.count === 0
            ? null
            : {
                p50: delayMs(delays.percentile(50)),
                p99: delayMs(delays.percentile(99)),
                max: delayMs(delays.max),
              },
        cpuShare: wallMs > 0 ? (cpu.user + cpu.system) / 1000 / wallMs : null,
        gcPauseMs: { total: pauses.reduce((sum, ms) => sum + ms, 0), max: Math.max(0, ...pauses) },
      };
    },
  };
}
