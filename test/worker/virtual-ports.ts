import { type MockEndpoint, type MockEndpointOptions, mockEndpoint } from '../../lib/mock/endpoint.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import type { Store } from '../../lib/store/store.ts';
import { idleQueue } from '../../lib/timing/idle-queue.ts';
import type { WorkerPorts } from '../../lib/worker/ports.ts';
import { recorder } from '../../lib/worker/recorder.ts';
import { inProcessTarget } from '../mock/in-process-target.ts';
import type { VirtualClock } from '../timing/virtual-clock.ts';

export interface VirtualPortsOptions {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly mock: Omit<MockEndpointOptions, 'clock'>;
}

export interface VirtualPorts extends WorkerPorts {
  readonly endpoint: MockEndpoint;
}

let nonces = 0;

/** A worker's ports under virtual time: the mock in process, no thread to be watched. */
export function virtualPorts({ clock, store, mock }: VirtualPortsOptions): VirtualPorts {
  const endpoint = mockEndpoint({ ...mock, clock });
  return {
    store,
    clock,
    idle: idleQueue(clock),
    secrets: { resolve: async () => 'secret-of-the-test' },
    allowed: null,
    endsBy: null,
    newRecorder: (place) => recorder({ ...place, store, encode: encodeRecords }),
    newTarget: () => inProcessTarget(endpoint, clock),
    newHealthMonitor: () => ({
      start() {},
      stop: () => ({ eventLoopDelayMs: { p50: 0, p99: 0, max: 0 }, cpuShare: 0, gcPauseMs: { total: 0, max: 0 } }),
    }),
    newNonce: () => `nonce-${nonces++}`,
    machine: { node: 'v24', platform: 'virtual', cpus: 1, region: null },
    endpoint,
  };
}
