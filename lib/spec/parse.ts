import type { z } from 'zod';
import { SpecError } from './fault.ts';
import { faultsOf, type PlaceOf, withoutMisspelt } from './issue-faults.ts';
import { layered, type Override, overridden } from './layers.ts';
import { isPresetName, presets } from './presets.ts';
import { type Spec, specSchema } from './schema.ts';
import { readSource } from './source.ts';

/**
 * Parses a sweep from YAML or JSON (which is YAML), with overrides laid over it.
 * @throws SpecError with every fault at once
 */
export function parseSpec(text: string, overrides: readonly Override[] = []): Spec {
  return parseWritten(text, { overrides }).spec;
}

/** A sweep, and the value that its user wrote, with the overrides in it: what another machine can check again. */
export interface WrittenSpec {
  readonly spec: Spec;
  readonly written: unknown;
}

/** What stands above and below a text. */
export interface Layers {
  readonly overrides?: readonly Override[];
  /** A written sweep for what the text doesn't say, such as a preset. */
  readonly below?: unknown;
}

/** As parseSpec, with the value itself beside the sweep. */
export function parseWritten(text: string, { overrides = [], below }: Layers = {}): WrittenSpec {
  const source = readSource(text);
  const written = overridden(below === undefined ? source.value : layered(below, source.value), overrides);
  const placeOf = (path: readonly PropertyKey[]) => {
    const flag = flagOf(path, overrides);
    return flag === undefined ? { position: source.positionOf(path) } : { position: null, flag };
  };
  return { spec: checkSpec(written, placeOf), written };
}

/** The flag that set a value, or something within it. */
function flagOf(path: readonly PropertyKey[], overrides: readonly Override[]): string | undefined {
  return overrides.find((override) => override.path.every((part, index) => part === path[index]))?.flag;
}

/**
 * Checks a value that was parsed already.
 * @throws SpecError with every fault at once
 */
export function checkSpec(value: unknown, placeOf: PlaceOf = () => ({ position: null })): Spec {
  const parsed = specSchema.safeParse(overPreset(value), { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const isPresetUnknown = issues.some(({ path }) => path[0] === 'preset');
  // A preset says what is asked and how hard: nobody misses that because its name is misspelt.
  const told = isPresetUnknown ? issues.filter((issue) => !isSectionMissing(issue)) : issues;
  throw new SpecError(withoutMisspelt(told).flatMap((issue) => faultsOf(issue, placeOf)));
}

function isSectionMissing({ path, input }: z.core.$ZodIssue): boolean {
  return input === undefined && path.length === 1 && (path[0] === 'workload' || path[0] === 'load');
}

/** The written sweep over the preset that it names; an unknown name is left for the schema to tell. */
function overPreset(written: unknown): unknown {
  const name: unknown = Reflect.get(Object(written), 'preset');
  return isPresetName(name) ? layered(presets[name].sweep, written) : written;
}
