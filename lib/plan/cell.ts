import { isColumn, meanLength } from '../spec/lengths.ts';
import type { Workload } from '../spec/workload.ts';
import type { Cell } from './stage.ts';

/** The cell that a workload is measured in: its lengths, where they differ from request to request their means. */
export function cellOf({ file, inputTokens, outputTokens }: Workload): Cell {
  if (typeof file === 'string') throw new Error(`the lengths of ${file} are not known before it was read`);
  if (file !== null) return { inputTokens: file.inputTokens, outputTokens: file.outputTokens };
  return { inputTokens: meanOf(inputTokens), outputTokens: meanOf(outputTokens) };
}

function meanOf(lengths: Workload['inputTokens']): number {
  if (lengths === null || isColumn(lengths)) {
    throw new Error('a workload without a file says its lengths itself');
  }
  return meanLength(lengths);
}
