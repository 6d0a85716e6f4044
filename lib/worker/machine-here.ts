import { availableParallelism } from 'node:os';
import type { Machine } from '../plan/machine.ts';

/** The machine that this process runs on. */
export function machineHere(region: string | null): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: availableParallelism(),
    region,
  };
}
