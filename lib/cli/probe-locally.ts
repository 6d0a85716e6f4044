import type { FinishedRequest } from '../load/closed-loop.ts';
import { assignmentsOf } from '../plan/assign.ts';
import type { Assignment } from '../plan/assignment.ts';
import { nextMove } from '../plan/next-stage.ts';
import { planSweep } from '../plan/plan.ts';
import type { ProbeFailure, ProbeFinding } from '../plan/probe-finding.ts';
import { scheduleStage } from '../plan/stage.ts';
import { sweepIdOf } from '../plan/sweep-id.ts';
import { laptopTempo } from '../plan/tempo.ts';
import type { Spec } from '../spec/schema.ts';
import { httpTarget } from '../target/http-target.ts';
import { openaiChat } from '../target/openai-chat.ts';
import { type Clock, systemClock } from '../timing/clock.ts';
import { idleQueue } from '../timing/idle-queue.ts';
import { readTick } from '../timing/tick.ts';
import { probe } from '../worker/probe.ts';
import { scrubber } from '../worker/scrub.ts';
import { packageVersion } from './package.ts';

export interface LocalProbe {
  readonly spec: Spec;
  /** The key, resolved; null without auth. */
  readonly secret: string | null;
  /** Aborted: the request in flight is cancelled and no other is sent. */
  readonly stop: AbortSignal;
  /** Told after each request. */
  onFinished(): void;
}

export interface LocalProbeResult {
  readonly finding: ProbeFinding;
  /** Requests that were made, one that was made again without `stream_options` included. */
  readonly requests: number;
  /** How the last request failed although one before it was answered; null when it did not. */
  readonly lastFailure: (ProbeFailure & { readonly httpStatus: number | null }) | null;
}

/** Sends the probe of a sweep from this process; nothing is stored. */
export async function probeLocally({ spec, secret, stop, onFinished }: LocalProbe): Promise<LocalProbeResult> {
  const clock = systemClock();
  const target = httpTarget({ url: openaiChat.endpoint(spec.target.url), clock, tick: readTick() });
  const finished: FinishedRequest[] = [];
  try {
    const finding = await probe({
      assignment: probeAssignment(spec, clock),
      dialect: openaiChat,
      target,
      secret,
      clock,
      idle: idleQueue(clock),
      stop,
      onFlight: () => undefined,
      onFinished(request) {
        finished.push(request);
        onFinished();
      },
    });
    const lastFailure = finding.ok ? failureOf(finished.at(-1), scrubber(secret)) : null;
    return { finding, requests: finished.length, lastFailure };
  } finally {
    await target.close();
  }
}

/** The assignment that a sweep of this spec would give to its probe. */
function probeAssignment(spec: Spec, clock: Clock): Assignment {
  const startedAtEpochMs = clock.nowEpochMs();
  const sweepId = sweepIdOf('probe', startedAtEpochMs);
  const start = { sweepId, spec, startedAtEpochMs, tempo: laptopTempo, limits: null, version: packageVersion() };
  const plan = planSweep({ ...start, capacity: 1 });
  const first = nextMove(plan, []);
  const [assignment] =
    first.kind === 'stage' ? assignmentsOf(plan, scheduleStage(sweepId, first.design, startedAtEpochMs), null) : [];
  if (!assignment) throw new Error('a sweep begins with its probe');
  return assignment;
}

function failureOf(
  request: FinishedRequest | undefined,
  scrub: (text: string) => string,
): LocalProbeResult['lastFailure'] {
  if (!request || request.answer.ending.outcome === 'ok') return null;
  const { ending, httpStatus } = request.answer;
  const clean = (text: string | null) => (text === null ? null : scrub(text));
  return { outcome: ending.outcome, detail: clean(ending.detail), message: clean(ending.message), httpStatus };
}
