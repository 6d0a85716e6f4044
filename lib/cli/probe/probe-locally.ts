import type { FinishedRequest } from '../../load/closed-loop.ts';
import { assignmentsOf } from '../../plan/assign.ts';
import type { Assignment } from '../../plan/assignment.ts';
import { nextMove } from '../../plan/next-stage.ts';
import { planSweep } from '../../plan/plan.ts';
import type { ProbeFailure, ProbeFinding } from '../../plan/probe-finding.ts';
import { scheduleStage } from '../../plan/stage.ts';
import { sweepIdOf } from '../../plan/sweep-id.ts';
import { laptopTempo } from '../../plan/tempo.ts';
import type { Spec } from '../../spec/schema.ts';
import { httpTarget } from '../../target/http-target.ts';
import { openaiChat } from '../../target/openai-chat.ts';
import type { Target } from '../../target/target.ts';
import { type Clock, systemClock } from '../../timing/clock.ts';
import { idleQueue } from '../../timing/idle-queue.ts';
import { readTick } from '../../timing/tick.ts';
import { type Credential, openCredential } from '../../worker/credential.ts';
import { unsentFinding } from '../../worker/finding-of.ts';
import type { NotReady } from '../../worker/not-ready.ts';
import { probe } from '../../worker/probe.ts';
import type { Row } from '../../workload/row.ts';
import { parseRows } from '../../workload/rows.ts';
import { packageVersion } from '../package.ts';

export interface LocalProbe {
  readonly spec: Spec;
  /** The file that the workload names; null without one. */
  readonly input: Uint8Array | null;
  /** The key, resolved; null without auth. */
  readonly secret: string | null;
  /** Aborted: the request in flight is cancelled and no other is sent. */
  readonly stop: AbortSignal;
  /** Told after each request. */
  onFinished(): void;
  /** Told when the endpoint is found not ready, before each wait. */
  onNotReady(waiting: NotReady): void;
}

export interface LocalProbeResult {
  readonly finding: ProbeFinding;
  /** Requests that were made, one that was made again without `stream_options` included. */
  readonly requests: number;
  /** How the last request failed although one before it was answered; null when it did not. */
  readonly lastFailure: (ProbeFailure & { readonly httpStatus: number | null }) | null;
}

/** Sends the probe of a sweep from this process; nothing is stored. */
export async function probeLocally(asked: LocalProbe): Promise<LocalProbeResult> {
  const { spec, secret } = asked;
  const clock = systemClock();
  const tick = readTick();
  const newTarget = (url: string) => httpTarget({ url, clock, tick });
  const assignment = probeAssignment(spec, clock);
  const secrets = { resolve: async () => secret ?? '' };
  let credential: Credential;
  try {
    credential = await openCredential({ target: assignment.target, secrets, clock, newTarget });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { finding: unsentFinding(why), requests: 0, lastFailure: null };
  }
  const target = newTarget(openaiChat.endpoint(spec.target.url));
  try {
    return await sendProbe(asked, { assignment, credential, target, clock });
  } finally {
    credential.close();
    await target.close();
  }
}

interface ProbeWay {
  readonly assignment: Assignment;
  readonly credential: Credential;
  readonly target: Target;
  readonly clock: Clock;
}

async function sendProbe(
  { spec, input, stop, onFinished, onNotReady }: LocalProbe,
  { assignment, credential, target, clock }: ProbeWay,
): Promise<LocalProbeResult> {
  const { readyWithin } = spec.target;
  const finished: FinishedRequest[] = [];
  const finding = await probe({
    assignment,
    dialect: openaiChat,
    target,
    credential,
    rows: rowsOf(spec, input),
    clock,
    idle: idleQueue(clock),
    stop,
    readyUntilUs: readyWithin === null ? null : clock.nowUs() + readyWithin * 1000,
    onNotReady,
    onFlight: () => undefined,
    onFinished(request) {
      finished.push(request);
      onFinished();
    },
  });
  const lastFailure = finding.ok ? failureOf(finished.at(-1), credential.scrub) : null;
  return { finding, requests: finished.length, lastFailure };
}

function rowsOf({ workload }: Spec, input: Uint8Array | null): readonly Row[] | null {
  const parsed = input === null ? null : parseRows(input, workload);
  return parsed !== null && 'rows' in parsed ? parsed.rows : null;
}

/** The assignment that a sweep of this spec would give to its probe. */
function probeAssignment(spec: Spec, clock: Clock): Assignment {
  const startedAtEpochMs = clock.nowEpochMs();
  const sweepId = sweepIdOf('probe', startedAtEpochMs);
  const start = { sweepId, spec, startedAtEpochMs, tempo: laptopTempo, limits: null, version: packageVersion() };
  const plan = planSweep({ ...start, capacity: 1 });
  const first = nextMove(plan, []);
  const [assignment] =
    first.kind === 'stage'
      ? assignmentsOf(plan, scheduleStage(sweepId, first.design, startedAtEpochMs), nothingKnown)
      : [];
  if (!assignment) throw new Error('a sweep begins with its probe');
  return assignment;
}

const nothingKnown = { finding: null, allowance: null };

function failureOf(
  request: FinishedRequest | undefined,
  scrub: (text: string) => string,
): LocalProbeResult['lastFailure'] {
  if (!request || request.answer.ending.outcome === 'ok') return null;
  const { ending, httpStatus } = request.answer;
  const clean = (text: string | null) => (text === null ? null : scrub(text));
  return { outcome: ending.outcome, detail: clean(ending.detail), message: clean(ending.message), httpStatus };
}
