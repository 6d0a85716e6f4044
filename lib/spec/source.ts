import { isMap, isNode, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { type Fault, SpecError } from './fault.ts';

const largestSpecBytes = 1024 * 1024;

/** A value read from YAML or JSON (which is YAML), and where each part of it stands. */
export interface Source {
  readonly value: unknown;
  /** Of the key or item at a path; of the deepest parent that is there where it is not. */
  positionOf(path: readonly PropertyKey[]): Fault['position'];
}

/**
 * Reads a text of at most 1 MiB.
 * @throws SpecError with every fault of its YAML
 */
export function readSource(text: string): Source {
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
