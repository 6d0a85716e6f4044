import type { ClientHealth } from '../record/receipt.ts';
import type { Store } from '../store/store.ts';
import type { Target } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';
import type { Recorder, RecorderPlace } from './recorder.ts';

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

/** Everything that a worker touches outside itself. */
export interface WorkerPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly idle: IdleQueue;
  readonly secrets: Secrets;
  newTarget(url: string): Target;
  newRecorder(place: RecorderPlace): Recorder;
  newHealthMonitor(): HealthMonitor;
  newNonce(): string;
  readonly machine: { readonly node: string; readonly platform: string; readonly cpus: number };
}
