import type { ClientHealth } from '../record/receipt.ts';
import type { RequestRecord } from '../record/request-record.ts';
import type { Store } from '../store/store.ts';
import type { Target } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';

/** Where keys are kept. */
export interface Secrets {
  /** The value behind a reference; fails with a sentence for people when there is none. */
  resolve(reference: { readonly env: string }): Promise<string>;
}

/** Watches the stamping thread between two moments. */
export interface HealthMonitor {
  start(): void;
  /** What was seen since the start; stops watching. */
  stop(): ClientHealth;
}

/** Turns records into the bytes of a file. */
export type RecordEncoder = (records: readonly RequestRecord[]) => Promise<Uint8Array>;

/** Everything that a worker touches outside itself. */
export interface WorkerPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly idle: IdleQueue;
  readonly secrets: Secrets;
  readonly encode: RecordEncoder;
  newTarget(url: string): Target;
  newHealthMonitor(): HealthMonitor;
  newNonce(): string;
  readonly machine: { readonly node: string; readonly platform: string; readonly cpus: number };
}
