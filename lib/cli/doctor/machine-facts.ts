import type { CpuLimit } from './cpu-limit.ts';
import type { ClockWatch } from './watch-clock.ts';

/** What is known of a machine before a sweep; null where the system does not say. */
export interface MachineFacts {
  /** Parallel streams that it should hold. */
  readonly streams: number;
  /** Cores that this process may use. */
  readonly cores: number;
  /** Processes that ran or waited for a core, in the mean of the last minute. */
  readonly loadPerMinute: number | null;
  readonly cpuLimit: CpuLimit | null;
  /** Files and sockets that this process may have open; infinite without a limit. */
  readonly openFiles: number | null;
  /** Names of the proxy variables that are set. */
  readonly proxies: readonly string[];
  readonly clock: ClockWatch;
  /** How late the idle event loop woke, in milliseconds. */
  readonly idleDelayMs: { readonly p99: number; readonly max: number } | null;
  /** Such as `24.21.0`. */
  readonly nodeVersion: string;
  readonly folder: FolderFacts;
}

/** Where results would go. */
export interface FolderFacts {
  readonly path: string;
  readonly freeBytes: number | null;
  /** The system's words for why nothing can be written there; null when it can. */
  readonly refusal: string | null;
}
