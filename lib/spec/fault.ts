/** One thing wrong with a spec, told where it stands. */
export interface Fault {
  /** `load.levels[1]`; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong and what to do, without the path. */
  readonly message: string;
  /** Where in the text, counted from 1; null when the value did not come from a text. */
  readonly position: { readonly line: number; readonly column: number } | null;
  /** The flag that set the value, such as `--levels`. */
  readonly flag?: string;
}

/** The spec can't be used; holds every fault at once. */
export class SpecError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(describeFault).join('\n'));
    this.name = 'SpecError';
    this.faults = faults;
  }
}

/** One line for people: `load.levels[0] must be at least 1 (line 9, column 12)`, or `(--levels)`. */
export function describeFault({ path, message, position, flag }: Fault): string {
  const line = position ? ` (line ${position.line}, column ${position.column})` : '';
  const where = flag === undefined ? line : ` (${flag})`;
  return `${path === '' ? '' : `${path} `}${message}${where}`;
}

/** `['load', 'levels', 1]` as `load.levels[1]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
