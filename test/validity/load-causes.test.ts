import { runAssignment } from '../../lib/worker/run-assignment.ts';
import { testCauses } from './explains.ts';
import { illAfterProbe, illInWindow, inLevel, inWindow, model } from './troubled-sweep.ts';

const comesLate = (worker: number, ms: number) => ({
  async work(...[assignment, ports]: Parameters<typeof runAssignment>) {
    const late = assignment.stage.kind === 'load' && assignment.worker === worker;
    if (late) await ports.clock.sleepUntil(ports.clock.nowUs() + ms * 1000);
    return runAssignment(assignment, ports);
  },
});

/** One worker of a level can't open a socket. */
const failingWorker = (worker: number) =>
  inLevel((ports, assignment) => ({
    newTarget(...place) {
      if (assignment.worker === worker) throw new Error('too many files are open <ulimit -n>');
      return ports.newTarget(...place);
    },
  }));

testCauses([
  { cause: 'nothing is wrong', names: {}, trouble: {} },
  { cause: 'nothing is wrong over several levels', names: {}, trouble: { levels: '[4, 8, 16]' } },
  { cause: 'a worker comes late, within the warm-up', names: {}, trouble: comesLate(1, 2000) },
  {
    cause: 'a worker of four comes when the window is open',
    names: {
      streams_missing: ['void', 'its 2 of 8 streams never ran'],
      load_not_held: ['void', '6 of 8 were in flight'],
      emptied: ['void', '6 of 8 were in flight all the time'],
    },
    trouble: comesLate(1, 4000),
  },
  {
    cause: 'one worker of four is lost',
    names: {
      streams_missing: ['void', 'its 2 of 8 streams never ran'],
      load_not_held: ['void', '6 of 8 were in flight'],
      emptied: ['void', '6 of 8 were in flight all the time'],
    },
    trouble: { lose: ({ stage, worker }) => stage.kind === 'load' && worker === 2 },
  },
  {
    cause: 'one worker of four fails by a fault of its own',
    names: {
      streams_missing: ['void', 'its 2 of 8 streams never ran'],
      load_not_held: ['void', '6 of 8 were in flight'],
      emptied: ['void', '6 of 8 were in flight all the time'],
    },
    trouble: failingWorker(2),
    said: 'Worker 2 at level 8',
  },
  {
    cause: 'one worker of 24 is lost',
    names: { streams_missing: ['suspect', '1 of 24 streams never ran'] },
    trouble: {
      levels: '[24]',
      streamsPerWorker: 1,
      capacity: 24,
      stage: '{warmUp: 1s, measure: 8s, drain: 2s}',
      lose: ({ stage, worker }) => stage.kind === 'load' && worker === 2,
    },
  },
  {
    cause: 'the endpoint throttles now and then, and asks for long pauses',
    names: {
      load_not_held: ['void', 'the pauses'],
      emptied: ['void', 'the pauses'],
      errors: ['suspect', 'the throttled requests'],
      drifting: ['suspect', 'most pauses fell into one half'],
    },
    trouble: illAfterProbe({ faults: [{ kind: 'throttled', share: 0.04, amount: 3 }] }),
  },
  {
    cause: 'the endpoint throttles seldom',
    names: {
      load_not_held: ['suspect', 'the pauses'],
      emptied: ['void', 'the pauses'],
      errors: ['suspect', 'the throttled requests'],
    },
    trouble: illAfterProbe({ faults: [{ kind: 'throttled', share: 0.02, amount: 1 }] }),
  },
  {
    cause: 'the window holds three latencies, and each worker goes when its own requests are through',
    names: {
      emptied: ['suspect', 'a part of the requests’ time lies behind the window'],
      few_samples: ['suspect', '8 streams with three requests each'],
    },
    trouble: {
      streamsPerWorker: 1,
      capacity: 8,
      mock: { model: { ...model, stepBaseMs: 300, jitter: 0.3 }, seed: 1 },
      stage: '{warmUp: 3s, measure: 9s, drain: 10s}',
    },
  },
  {
    cause: 'the window is too short for 100 requests',
    names: { few_samples: ['suspect', 'about 65 requests'] },
    trouble: { stage: '{warmUp: 2s, measure: 2s, drain: 2s}' },
  },
  {
    cause: 'the window is too short for ten requests',
    names: { few_samples: ['void', 'one request per stream'] },
    trouble: { stage: '{warmUp: 2s, measure: 200ms, drain: 2s}' },
  },
  {
    cause: 'a drain shorter than some answers',
    names: { cut_at_drain: ['suspect', 'three answers'] },
    trouble: { stage: '{warmUp: 2s, measure: 8s, drain: 100ms}' },
  },
  {
    cause: 'a drain shorter than answers, behind a short window',
    names: {
      cut_at_drain: ['void', 'what was in flight at the end'],
      errors: ['suspect', 'a cut request failed'],
      tokens_unknown: ['suspect', 'usage comes last, and was cut off'],
      few_samples: ['suspect', 'about 65 requests'],
    },
    trouble: { stage: '{warmUp: 2s, measure: 2s, drain: 50ms}' },
  },
  {
    cause: 'the sweep is stopped in the middle of the window',
    names: {
      interrupted: ['void', 'stopped'],
      load_not_held: ['void', 'nothing was in flight in the second half'],
    },
    trouble: inWindow(3000, ({ stop }) => stop()),
  },
  {
    cause: 'the sweep is stopped when the window is over',
    names: {},
    trouble: inWindow(6050, ({ stop }) => stop()),
  },
  {
    cause: 'the sweep is stopped while slow answers drain',
    names: {
      cut_at_drain: ['void', 'what was in flight at the end'],
      few_samples: ['suspect', '8 streams with three requests each, less those that were cut'],
    },
    trouble: {
      mock: { model: { ...model, stepBaseMs: 600 }, seed: 1 },
      stage: '{warmUp: 3s, measure: 9s, drain: 10s}',
      ...inWindow(9050, ({ stop }) => stop()),
    },
  },
  {
    cause: 'every stream gives up in the middle of the window',
    names: {
      interrupted: ['void', 'all streams gave up'],
      errors: ['void', 'the 20 failures of each stream'],
      load_not_held: ['void', 'nothing was in flight after that'],
    },
    trouble: illInWindow(3000, {
      faults: [
        { kind: 'throttled', share: 1, amount: 0 },
        { kind: 'slow_headers', share: 1, amount: 20 },
      ],
    }),
  },
  {
    cause: 'every stream gives up before the window opens',
    names: {
      interrupted: ['void', 'all streams gave up'],
      load_not_held: ['void', 'nothing was in flight'],
      few_samples: ['void', 'no request was due in the window'],
    },
    trouble: illAfterProbe({
      faults: [
        { kind: 'throttled', share: 1, amount: 0 },
        { kind: 'slow_headers', share: 1, amount: 20 },
      ],
    }),
  },
  {
    cause: 'control.json can’t be read from the middle of the window on',
    names: {
      control_unreadable: ['void', 'three polls in a row'],
      interrupted: ['void', 'workers stopped sending, as they must'],
      load_not_held: ['void', 'nothing was in flight after that'],
    },
    trouble: inWindow(1000, ({ store }) =>
      store.failWith((verb, key) => (verb === 'get' && key.endsWith('control.json') ? 'EIO' : null)),
    ),
  },
  {
    cause: 'two polls of control.json fail',
    names: {},
    trouble: inWindow(3000, ({ store }) => {
      let polls = 0;
      store.failWith((verb, key) => (verb === 'get' && key.endsWith('control.json') && polls++ < 8 ? 'EIO' : null));
    }),
  },
]);
