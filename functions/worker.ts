import type { Context } from 'aws-lambda';
import { recorderThread } from '../lib/fleet/recorder-thread.ts';
import type { Assignment } from '../lib/plan/assignment.ts';
import { parseAllowedTargets } from '../lib/target/allowed-targets.ts';
import { httpTarget } from '../lib/target/http-target.ts';
import { systemClock } from '../lib/timing/clock.ts';
import { idleQueue } from '../lib/timing/idle-queue.ts';
import { nonce } from '../lib/timing/nonce.ts';
import { readTick } from '../lib/timing/tick.ts';
import { threadHealthMonitor } from '../lib/worker/health.ts';
import { machineHere } from '../lib/worker/machine-here.ts';
import { runAssignment } from '../lib/worker/run-assignment.ts';
import { cloudSecrets } from '../lib/worker/secret.ts';
import { secretTurn } from '../lib/worker/secret-turn.ts';
import { bucketPlace, bucketStore } from './bucket-store.ts';
import { environmentVariable, requiredVariable } from './environment.ts';

const clock = systemClock();
const tick = readTick();
const allowed = parseAllowedTargets(requiredVariable('allowedTargets'));
const machine = machineHere(environmentVariable('region'));

/**
 * Carries out one assignment. It logs one line: nothing may hold up a stamp. Nothing of it outlives it, since a frozen
 * environment is thawed by the next.
 */
export async function handler(assignment: Assignment, context: Context): Promise<void> {
  const endsBy = clock.nowEpochMs() + context.getRemainingTimeInMillis();
  const over = new AbortController();
  const end = await runAssignment(assignment, {
    store: bucketStore(clock, over.signal),
    clock,
    idle: idleQueue(clock),
    secrets: cloudSecrets({ clock, turn: secretTurn(assignment, clock.nowEpochMs()) }),
    allowed,
    endsBy,
    newTarget: (url, rules) => httpTarget({ url, clock, tick, ...rules }),
    newRecorder: (place) => recorderThread({ place, store: bucketPlace() }),
    newHealthMonitor: threadHealthMonitor,
    newNonce: nonce,
    machine,
  }).finally(() => over.abort());
  const { sweepId: sweep, stage, worker } = assignment;
  process.stdout.write(`${JSON.stringify({ level: 'INFO', sweep, stage: stage.stage, worker, end })}\n`);
}
