import { isColumn, isList, type LengthDistribution, meanLength } from '../spec/lengths.ts';
import type { Workload } from '../spec/workload.ts';
import type { Cell } from './stage.ts';

/**
 * The cells that a workload is measured in, each a curve of its own: of lists of lengths their grid, output lengths
 * within input lengths; where lengths differ from request to request their means.
 */
export function gridOf({ file, inputTokens, outputTokens }: Workload): readonly [Cell, ...Cell[]] {
  if (typeof file === 'string') throw new Error(`the lengths of ${file} are not known before it was read`);
  if (file !== null) return [{ inputTokens: file.inputTokens, outputTokens: file.outputTokens }];
  const [outputs, inputs] = [lengthsOf(outputTokens), lengthsOf(inputTokens)];
  const [first, ...rest] = inputs.flatMap((input) => outputs.map((output) => cellFrom(input, output)));
  return [first ?? cellFrom(inputs[0], outputs[0]), ...rest];
}

/** The first cell of a grid, and the only one of most sweeps: the probe's. */
export function cellOf(workload: Workload): Cell {
  return gridOf(workload)[0];
}

export function sameCell(a: Cell, b: Cell): boolean {
  return a.inputTokens === b.inputTokens && a.outputTokens === b.outputTokens;
}

const count = (value: number) => value.toLocaleString('en');

/** `2,048 tokens in, 256 out`. */
export function cellName({ inputTokens, outputTokens }: Cell): string {
  return `${count(inputTokens)} tokens in, ${count(outputTokens)} out`;
}

type Length = number | LengthDistribution;

const cellFrom = (input: Length, output: Length): Cell => ({
  inputTokens: meanLength(input),
  outputTokens: meanLength(output),
});

function lengthsOf(lengths: Workload['inputTokens']): readonly [Length, ...Length[]] {
  if (lengths === null || isColumn(lengths)) {
    throw new Error('a workload without a file says its lengths itself');
  }
  return isList(lengths) ? lengths : [lengths];
}
