import { type StoreAggregator, storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { ReasonName } from '../../lib/curve/validity.ts';
import { type MockEndpointOptions, mockEndpoint } from '../../lib/mock/endpoint.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import type { Assignment } from '../../lib/plan/assignment.ts';
import type { Stage } from '../../lib/plan/stage.ts';
import { cellsOf } from '../../lib/report/cells.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { render } from '../../lib/report/page/html.ts';
import { validitySection } from '../../lib/report/page/validity-section.ts';
import type { Report } from '../../lib/report/report.ts';
import { stableJson } from '../../lib/report/stable-json.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import type { ReportFile } from '../../lib/store/key-layout.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Target } from '../../lib/target/target.ts';
import { anchorOf, type Clock, monotonicAt } from '../../lib/timing/clock.ts';
import type { WorkerPorts } from '../../lib/worker/ports.ts';
import { runAssignment } from '../../lib/worker/run-assignment.ts';
import { inProcessTarget } from '../mock/in-process-target.ts';
import type { MemoryStore } from '../store/memory-store.ts';
import { type VirtualSweep, virtualSweep } from '../sweep/virtual-sweep.ts';
import type { VirtualClock } from '../timing/virtual-clock.ts';
import type { VirtualPorts } from '../worker/virtual-ports.ts';
import { namedReasons } from './named-reasons.ts';

/** Answers of 5 tokens take about 210 ms; nobody queues. */
export const model: QueueModel = {
  ...smallServer,
  slots: 64,
  prefillBaseMs: 30,
  stepBaseMs: 40,
  jitter: 0.05,
};

/** What a cause differs in from a healthy sweep of one level of 8, carried by 4 workers, over about 30 latencies. */
export interface Troubled extends Partial<Omit<VirtualSweep, 'spec'>> {
  readonly levels?: string;
  /** Warm-up, window and drain. */
  readonly stage?: string;
  readonly streamsPerWorker?: number;
}

/** The reasons that a cause explains: the state of each, and why it follows. */
export type Explained = Readonly<Partial<Record<ReasonName, readonly ['suspect' | 'void', why: string]>>>;

export async function troubledSweep(troubled: Troubled) {
  const {
    levels = '[8]',
    stage = '{warmUp: 2s, measure: 6s, drain: 2s}',
    streamsPerWorker = 2,
    ...differences
  } = troubled;
  const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 5}
load: {levels: ${levels}}
stage: ${stage}
fleet: {streamsPerWorker: ${streamsPerWorker}}
`);
  const swept = await virtualSweep({ spec, mock: { model, seed: 1 }, newAggregator: aggregatorOver, ...differences });
  return { ...swept, named: namedReasons(swept.store.text, 'virtual') };
}

/** The real aggregator. Of the last report it draws what names reasons, without the charts; of those before, nothing. */
function aggregatorOver(store: Store, clock: Clock): StoreAggregator {
  const draw = async (report: Report): Promise<ReadonlyMap<ReportFile, string>> =>
    report.ended === null
      ? new Map()
      : new Map([
          ['report.json', stableJson(report)],
          ['report.md', reportMarkdown(report)],
          ['report.html', render(validitySection(report, cellsOf(report)))],
        ]);
  return storeAggregator({ store, nowEpochMs: clock.nowEpochMs, draw });
}

/** The aggregator reads through a store that is not what the workers wrote. */
export function aggregatedThrough(spoil: (store: MemoryStore) => MemoryStore): Troubled {
  return { newAggregator: (store, clock) => aggregatorOver(spoil(store), clock) };
}

type World = Parameters<NonNullable<VirtualSweep['observe']>>[1];

/** Something that happens so long after the window of the level opened. */
export function inWindow(afterMs: number, happen: (world: World) => void): Troubled {
  return {
    observe(event, world) {
      if (event.kind !== 'stage_started' || event.stage.kind !== 'load') return;
      const { clock } = world;
      clock.callAt(windowUs(event.stage, clock) + afterMs * 1000, () => happen(world));
    },
  };
}

function windowUs({ windowStartsAtEpochMs }: Stage, clock: VirtualClock): number {
  return monotonicAt(anchorOf(clock), windowStartsAtEpochMs);
}

/** An endpoint that has fallen ill when the probe was over: what workers of a level meet is made of `sick`. */
export function illAfterProbe(sick: Partial<Omit<MockEndpointOptions, 'clock'>>): Troubled {
  return afterProbe((clock) => inProcessTarget(mockEndpoint({ model, seed: 1, ...sick, clock }), clock));
}

/** An endpoint that falls ill so long after the window of the level opened: requests sent from then on meet `sick`. */
export function illInWindow(afterMs: number, sick: Partial<Omit<MockEndpointOptions, 'clock'>>): Troubled {
  return afterProbe((clock, stage) => {
    const well = inProcessTarget(mockEndpoint({ model, seed: 1, clock }), clock);
    const ill = inProcessTarget(mockEndpoint({ model, seed: 1, ...sick, clock }), clock);
    const fromUs = windowUs(stage, clock) + afterMs * 1000;
    return {
      ...well,
      connect() {
        const [before, after] = [well.connect(), ill.connect()];
        return {
          ...before,
          open: async () => void (await Promise.all([before.open(), after.open()])),
          send: (request, listener) => (clock.nowUs() < fromUs ? before : after).send(request, listener),
        };
      },
    };
  });
}

/** Workers of a level meet another target than the probe did. They share it, as they share an endpoint. */
export function afterProbe(targetOf: (clock: VirtualClock, stage: Stage) => Target): Troubled {
  let target: Target | null = null;
  return inLevel((ports, { stage }) => ({
    newTarget() {
      target ??= targetOf(ports.clock as VirtualClock, stage);
      return target;
    },
  }));
}

/** Workers of a level run with other ports than these. */
export function inLevel(change: (ports: VirtualPorts, assignment: Assignment) => Partial<WorkerPorts>): Troubled {
  return {
    work(assignment, ports) {
      const changed = assignment.stage.kind === 'probe' ? {} : change(ports, assignment);
      return runAssignment(assignment, { ...ports, ...changed });
    },
  };
}
