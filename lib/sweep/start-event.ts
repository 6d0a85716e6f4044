import { sweepIdOf, sweepIdPattern } from '../plan/sweep-id.ts';
import { type Fault, SpecError } from '../spec/fault.ts';
import { checkSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';

/** The schedule that started a sweep. */
export interface ScheduledStart {
  readonly name: string;
  readonly scheduledAtEpochMs: number;
}

/** An event that starts a sweep, read. */
export interface Start {
  /** Null where the event has faults. */
  readonly spec: Spec | null;
  /** Null: made of time and name. */
  readonly id: string | null;
  readonly schedule: ScheduledStart | null;
  readonly faults: readonly Fault[];
}

/** Names of schedules; with their time in front they are ids of sweeps. */
export const scheduleNamePattern = /^[A-Za-z0-9_-]{1,40}$/;

/** Reads the event that starts a sweep: the spec alone, or `{sweep, id?, schedule?: {name, scheduledTime}}`. */
export function readStart(event: unknown): Start {
  if (!isObject(event) || !('sweep' in event)) return { id: null, schedule: null, ...readSpec(event, '') };
  const faults = Object.keys(event)
    .filter((key) => !['sweep', 'id', 'schedule'].includes(key))
    .map((key) => fault(key, 'is no key of a start: here may stand sweep, id, schedule'));
  const id = readId(event['id'] ?? null);
  const schedule = readSchedule(event['schedule'] ?? null);
  const { spec, faults: specFaults } = readSpec(event['sweep'], 'sweep');
  const all = [...faults, ...id.faults, ...schedule.faults, ...specFaults];
  return { spec: all.length > 0 ? null : spec, id: id.value, schedule: schedule.value, faults: all };
}

/**
 * The id of a sweep: as asked for; of a schedule `{yyyymmddThhmmZ}-{name}`, by the time it was scheduled for, so that
 * a delivery that comes twice is the same sweep; else made of time and name.
 */
export function idOfStart({ spec, id, schedule }: Start, startedAtEpochMs: number): string {
  if (id !== null) return id;
  if (schedule === null) return sweepIdOf(spec?.name ?? 'refused', startedAtEpochMs);
  const minute = new Date(schedule.scheduledAtEpochMs).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return `${minute}Z-${schedule.name}`;
}

function readSpec(value: unknown, place: string): Pick<Start, 'spec' | 'faults'> {
  try {
    return { spec: checkSpec(value), faults: [] };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const pathOf = (path: string) => [place, path].filter((part) => part !== '').join('.');
    return { spec: null, faults: error.faults.map((found) => ({ ...found, path: pathOf(found.path) })) };
  }
}

interface Read<T> {
  readonly value: T | null;
  readonly faults: readonly Fault[];
}

function readId(value: unknown): Read<string> {
  if (value === null || (typeof value === 'string' && sweepIdPattern.test(value))) return { value, faults: [] };
  return { value: null, faults: [fault('id', 'must be at most 64 letters, digits, - and _')] };
}

function readSchedule(value: unknown): Read<ScheduledStart> {
  if (value === null) return { value, faults: [] };
  const { name, scheduledTime } = isObject(value) ? value : {};
  const scheduledAtEpochMs = typeof scheduledTime === 'string' ? Date.parse(scheduledTime) : Number.NaN;
  if (typeof name !== 'string' || !scheduleNamePattern.test(name)) {
    return { value: null, faults: [fault('schedule.name', 'must be at most 40 letters, digits, - and _')] };
  }
  if (Number.isNaN(scheduledAtEpochMs)) {
    return { value: null, faults: [fault('schedule.scheduledTime', 'must be a time in ISO 8601')] };
  }
  return { value: { name, scheduledAtEpochMs }, faults: [] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(path: string, message: string): Fault {
  return { path, message, position: null };
}
