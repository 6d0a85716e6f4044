import type { Machine } from '../plan/machine.ts';
import type { ClientHealth } from '../record/receipt.ts';
import type { SecretReference } from '../spec/auth.ts';
import type { Store } from '../store/store.ts';
import type { AddressRules } from '../target/address.ts';
import type { AllowedTarget } from '../target/allowed-targets.ts';
import type { Target } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';
import type { Recorder, RecorderPlace } from './recorder.ts';

/** Where keys are kept. */
export interface Secrets {
  /** The value behind a reference; fails with a sentence for people when there is none. */
  resolve(reference: SecretReference): Promise<string>;
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
  /** Pairs of host and key that may be measured from here; null: whatever the user named. */
  readonly allowed: readonly AllowedTarget[] | null;
  /** When the platform ends this worker for good, in milliseconds since the epoch; null: never. */
  readonly endsBy: number | null;
  newTarget(url: string, rules: AddressRules): Target;
  newRecorder(place: RecorderPlace): Recorder;
  newHealthMonitor(): HealthMonitor;
  newNonce(): string;
  readonly machine: Machine;
}
