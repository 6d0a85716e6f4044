import type { Accuracy } from './accuracy.ts';

/** What a self-test comes to, by its highest count of streams. */
export interface AccuracyVerdict {
  readonly streams: number;
  /** What this client adds to a token's time, in milliseconds; p99 is null where tokens are too few for it. */
  readonly addsMs: { readonly p50: number; readonly p99: number | null; readonly most: number };
  /** Differences between two figures below this may be the client's own, in milliseconds. */
  readonly trustAboveMs: number;
  readonly doubts: readonly AccuracyDoubt[];
}

export interface AccuracyDoubt {
  readonly name: 'clocks_apart' | 'one_core' | 'busy_machine' | 'mock_slow' | 'answers_lost';
  /** In a sentence or two, with what to do. */
  readonly text: string;
}

export interface JudgedRun {
  /** Rising counts of streams. */
  readonly accuracies: readonly Accuracy[];
  /** Cores that this process may use. */
  readonly cores: number;
  /** What the mock was told to leave between tokens in the mean. */
  readonly mockStepMs: number;
}

/** An idle thread that wakes later than this (p99) shows a machine that has other things to do. */
const idleDelayToDoubtMs = 5;
/** A mock that is slower than it was told by this factor sends in bursts. */
const mockSlownessToDoubt = 1.05;

/**
 * Judges by the highest count. Two figures that are compared may each be late by up to p99: differences count from
 * twice that, rounded up to one digit. Where tokens are too few for p99, the largest error stands for it. Null when no
 * token was measured at that count.
 */
export function accuracyVerdict(run: JudgedRun): AccuracyVerdict | null {
  const last = run.accuracies.at(-1);
  const { p50 = null, p99 = null, most = null } = last?.tokenErrorMs ?? {};
  if (!last || p50 === null || most === null) return null;
  const trustAboveMs = roundedUp(2 * (p99 ?? most));
  return { streams: last.streams, addsMs: { p50, p99, most }, trustAboveMs, doubts: doubtsOf(run) };
}

/** Up to the next number of one significant digit: 1.8 → 2, 22 → 30. */
export function roundedUp(value: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  // Powers of ten are not exact: what is a whole number but for that stays where it is.
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(1));
}

function doubtsOf({ accuracies, cores, mockStepMs }: JudgedRun): AccuracyDoubt[] {
  const worst = (of: (accuracy: Accuracy) => number | null) => Math.max(0, ...accuracies.map((one) => of(one) ?? 0));
  const least = Math.min(...accuracies.map(({ tokenErrorMs }) => tokenErrorMs.least ?? 0));
  const idleMs = worst(({ idleThreadDelayP99Ms }) => idleThreadDelayP99Ms);
  const lost = accuracies.reduce((sum, one) => sum + one.lost, 0);
  const requests = accuracies.reduce((sum, one) => sum + one.requests, 0);
  const slow = accuracies.filter(({ mockGapMs }) => (mockGapMs ?? 0) > mockStepMs * mockSlownessToDoubt);
  const doubts: (AccuracyDoubt | null)[] = [
    least >= 0
      ? null
      : {
          name: 'clocks_apart',
          text: `Some stamps lie up to ${(-least).toFixed(3)} ms before the mock sent the token: the clocks of this machine’s processes disagree, and no figure here can be trusted. Please report it.`,
        },
    cores >= 2
      ? null
      : {
          name: 'one_core',
          text: 'The mock and the client share one core, so much of this is their waiting for each other. Measure from a machine with two cores or more.',
        },
    idleMs <= idleDelayToDoubtMs
      ? null
      : {
          name: 'busy_machine',
          text: `This machine was busy with other things: even a thread with nothing to do woke ${idleMs.toFixed(1)} ms late (p99). Close what else runs and try again; a sweep run now would be as inexact.`,
        },
    slow.length === 0
      ? null
      : {
          name: 'mock_slow',
          text: `At ${slow.map(({ streams }) => streams).join(' and ')} streams the mock could not keep its pace and sent in bursts: the client alone would do better. Try fewer streams.`,
        },
    lost === 0
      ? null
      : {
          name: 'answers_lost',
          text: `${lost} of ${requests} answers could not be compared: they failed, or their tokens differ from the mock’s journal.`,
        },
  ];
  return doubts.filter((doubt) => doubt !== null);
}
