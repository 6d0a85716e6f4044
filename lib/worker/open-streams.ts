import type { LoadStream } from '../load/closed-loop.ts';
import { shareOf } from '../plan/share.ts';
import type { Connection, Target } from '../target/target.ts';
import type { HoldStageOptions } from './hold-stage.ts';

/** Opens this worker's sockets shortly before the start; the streams' first requests are spread over the ramp. */
export async function openStreams(
  { assignment, ports, schedule, stop }: Pick<HoldStageOptions, 'assignment' | 'ports' | 'schedule' | 'stop'>,
  target: Target,
): Promise<LoadStream[]> {
  const { stage, worker, tempo } = assignment;
  const { clock } = ports;
  const share = shareOf(stage.level, worker, stage.workers);
  const connections: Connection[] = Array.from({ length: share.count }, () => target.connect());
  await clock.sleepUntil(schedule.startsUs - tempo.connectAheadMs * 1000, stop);
  if (!stop.aborted) {
    const opened = Promise.all(connections.map((connection) => connection.open()));
    await Promise.race([opened, clock.sleepUntil(schedule.startsUs, stop)]);
  }
  // A counted stage has no window to be in time for: its starts keep their distances.
  const startsUs = stage.requestsPerStream === null ? schedule.startsUs : Math.max(schedule.startsUs, clock.nowUs());
  return connections.map((connection, index) => {
    const stream = share.first + index;
    const plannedUs = startsUs + Math.round((stage.rampMs * 1000 * stream) / stage.level);
    return { index: stream, connection, firstDueUs: Math.max(plannedUs, clock.nowUs()) };
  });
}
