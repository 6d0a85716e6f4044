import type { HoldStageOptions } from './hold-stage.ts';

/** Watches the client's own health over the window, of a counted stage from its start to its end. */
export function watchHealth({ ports, schedule, tally }: Pick<HoldStageOptions, 'ports' | 'schedule' | 'tally'>): {
  close(): void;
} {
  const monitor = ports.newHealthMonitor();
  let state: 'before' | 'watching' | 'over' = 'before';
  const stop = () => {
    if (state === 'over') return;
    const seen = monitor.stop();
    if (state === 'watching') tally.health = seen;
    state = 'over';
  };
  const start = () => {
    if (state !== 'before') return;
    state = 'watching';
    monitor.start();
  };
  const cancelStart = ports.clock.callAt(schedule.windowStartsUs, start);
  const cancelStop = ports.clock.callAt(schedule.windowEndsUs ?? schedule.stopsUs, stop);
  return {
    close() {
      cancelStart();
      cancelStop();
      stop();
    },
  };
}
