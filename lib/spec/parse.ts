import { isMap, isNode, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Fault, SpecError } from './fault.ts';
import { faultsOf, type PlaceOf, withoutMisspelt } from './issue-faults.ts';
import { layered, type Override, overridden } from './layers.ts';
import { isPresetName, presets } from './presets.ts';
import { type Spec, specSchema } from './schema.ts';

const largestSpecBytes = 1024 * 1024;

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
  const source = readDocument(text);
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

interface Source {
  readonly value: unknown;
  positionOf(path: readonly PropertyKey[]): Fault['position'];
}

function readDocument(text: string): Source {
  if (text.length > largestSpecBytes)
    throw new SpecError([{ path: '', message: 'the spec is larger than 1 MiB', position: null }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) {
    throw new SpecError(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { path: '', message: `this is no YAML: ${error.message}`, position: { line, column: col } };
      }),
    );
  }
  return { value: toPlainValue(document), positionOf: (path) => positionIn(document.contents, path, lines) };
}

function toPlainValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (cause) {
    const message = `this YAML can't be unfolded: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new SpecError([{ path: '', message, position: null }]);
  }
}

/** Position of the node at a path, of the key where the last part is one; of the deepest parent that is there. */
function positionIn(root: ParsedNode | null, path: readonly PropertyKey[], lines: LineCounter): Fault['position'] {
  let node: unknown = root;
  let offset: number | null = null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) break;
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? null) : null;
      node = pair.value;
    } else {
      const item: unknown =
        isNode(node) && 'items' in node && Array.isArray(node.items) ? node.items[Number(part)] : undefined;
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? null;
      node = item;
    }
  }
  if (offset === null) return null;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
