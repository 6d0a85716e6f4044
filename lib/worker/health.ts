import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { ClientHealth, Spread } from '../record/receipt.ts';
import type { HealthMonitor } from './ports.ts';

/** The monitor wakes this often; what it sees less this is delay. */
const resolutionMs = 10;

/** Watches the thread it is called on: event-loop delay, CPU time, pauses of the garbage collector. */
export function threadHealthMonitor(): HealthMonitor {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  const pauses: { readonly startMs: number; readonly ms: number }[] = [];
  const collections = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) pauses.push({ startMs: startTime, ms: duration });
  });
  // Both run from the beginning: what starting them costs is paid before the window.
  delays.enable();
  collections.observe({ entryTypes: ['gc'] });
  let cpuAtStart = process.threadCpuUsage();
  let startedMs = performance.now();
  return {
    start() {
      delays.reset();
      cpuAtStart = process.threadCpuUsage();
      startedMs = performance.now();
    },
    stop(): ClientHealth {
      const cpu = process.threadCpuUsage(cpuAtStart);
      const wallMs = performance.now() - startedMs;
      delays.disable();
      collections.disconnect();
      const inWindow = pauses.filter(({ startMs }) => startMs >= startedMs).map(({ ms }) => ms);
      return {
        eventLoopDelayMs: delays.count === 0 ? null : spreadOf(delays),
        cpuShare: wallMs > 0 ? (cpu.user + cpu.system) / 1000 / wallMs : null,
        gcPauseMs: { total: inWindow.reduce((sum, ms) => sum + ms, 0), max: Math.max(0, ...inWindow) },
      };
    },
  };
}

function spreadOf(delays: ReturnType<typeof monitorEventLoopDelay>): Spread {
  const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  return { p50: delayMs(delays.percentile(50)), p99: delayMs(delays.percentile(99)), max: delayMs(delays.max) };
}
