import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { type AggregatorCall, answerCall } from '../../lib/aggregator/aggregator.ts';
import type { Fleet } from '../../lib/fleet/fleet.ts';
import type { MockEndpointOptions } from '../../lib/mock/endpoint.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { lambdaLimits } from '../../lib/plan/limits.ts';
import { cloudTempo } from '../../lib/plan/tempo.ts';
import { durableStep, durableSteps } from '../../lib/sweep/durable-steps.ts';
import { runStart, type StartResult } from '../../lib/sweep/run-start.ts';
import type { SweepEvent } from '../../lib/sweep/sweep-event.ts';
import { runAssignment } from '../../lib/worker/run-assignment.ts';
import { type MemoryStore, memoryStore } from '../store/memory-store.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { virtualPorts } from '../worker/virtual-ports.ts';
import { plainAggregator } from './plain-aggregator.ts';
import {
  type VirtualExecution,
  type VirtualExecutionOptions,
  virtualExecution,
  type Wakeable,
} from './virtual-execution.ts';

export interface VirtualStart {
  readonly event: unknown;
  readonly store?: MemoryStore;
  readonly capacity?: number;
  readonly execution?: string;
  readonly mock?: Partial<Omit<MockEndpointOptions, 'clock'>>;
  readonly targetRefusal?: string | null;
  readonly crash?: VirtualExecutionOptions['crash'];
  /** Called at each event, also when it is told again by a replay. */
  observe?(event: SweepEvent, world: { readonly store: MemoryStore; readonly wakeable: Wakeable }): void;
  /** Called each time that the aggregator is called. */
  onCall?(call: AggregatorCall): void;
}

export interface VirtualStartResult extends VirtualExecution {
  readonly result: StartResult;
  readonly store: MemoryStore;
  /** Launches by stage and worker, `0001/3`. */
  readonly launches: ReadonlyMap<string, number>;
  /** Requests that reached the endpoint, by their id. */
  readonly requestIds: readonly string[];
}

/** A sweep in the cloud under virtual time: the real durable SDK, workers and aggregator over an in-memory service. */
export async function virtualStart(start: VirtualStart): Promise<VirtualStartResult> {
  const clock = virtualClock(Date.UTC(2100, 0, 1));
  const store = start.store ?? memoryStore();
  const ports = virtualPorts({ clock, store, mock: { model: { ...smallServer, jitter: 0 }, seed: 1, ...start.mock } });
  const launches = new Map<string, number>();
  const fleet: Fleet = {
    capacity: async () => start.capacity ?? 100,
    async launch(assignments) {
      return assignments.map((assignment) => {
        const { worker, stage } = assignment;
        const name = `${stage.stage}/${worker}`;
        launches.set(name, (launches.get(name) ?? 0) + 1);
        void runAssignment(assignment, ports);
        return { worker, accepted: true, reason: null };
      });
    },
    gone: () => [],
  };
  const aggregator = plainAggregator(store, clock);
  let wakeable: Wakeable = { wake: () => undefined };
  const handler = withDurableExecution<unknown, StartResult>(async (event, context) => {
    context.configureLogger({ customLogger: silent });
    return runStart(
      event,
      {
        limits: { ...lambdaLimits, workerMs: 900_000, executionMs: 86_400_000 },
        tempo: cloudTempo,
        version: '0.0.0',
        execution: start.execution ?? 'arn:execution',
      },
      {
        clock,
        store,
        fleet,
        step: durableStep(context),
        stepsOf: (sweepId) => durableSteps({ context, store, clock, sweepId, aggregator: 'aggregator' }),
        targetRefusal: () => start.targetRefusal ?? null,
        observe: (told) => start.observe?.(told, { store, wakeable }),
      },
    );
  });
  const execution = await virtualExecution(
    {
      handler,
      event: start.event,
      clock,
      async callFunction(_, payload) {
        const call = payload as AggregatorCall;
        start.onCall?.(call);
        return answerCall(aggregator, call);
      },
      ...(start.crash && { crash: start.crash }),
    },
    (ready) => {
      wakeable = ready;
    },
  );
  const requestIds = ports.endpoint.journal.entries().map(({ requestId }) => requestId);
  return { ...execution, result: execution.result as StartResult, store, launches, requestIds };
}

const nothing = () => undefined;
const silent = { log: nothing, error: nothing, warn: nothing, info: nothing, debug: nothing };
