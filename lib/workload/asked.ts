import { outputTokensOf } from '../plan/pass.ts';
import { seededRandom } from '../plan/seeded-random.ts';
import type { Stage } from '../plan/stage.ts';
import { isColumn, isList, type Lengths } from '../spec/lengths.ts';
import type { Workload } from '../spec/workload.ts';
import { drawLength } from './draw-length.ts';
import type { ChatMessage, Row } from './row.ts';

/** What one request asks for. */
export interface Asked {
  /** Null: a synthetic prompt of `inputTokens`. */
  readonly messages: readonly ChatMessage[] | null;
  /** Null of prompts as they are, whose length only the endpoint knows. */
  readonly inputTokens: number | null;
  readonly outputTokens: number;
}

export interface AskedOptions {
  readonly workload: Workload;
  readonly stage: Pick<Stage, 'stage' | 'kind' | 'repeat' | 'cell' | 'pass'>;
  readonly seed: number;
  /** Of the workload's file; null without one. */
  readonly rows: readonly Row[] | null;
}

/**
 * What the requests of a stage ask for, by stream and ordinal alone: whichever worker carries a stream, the same is
 * asked. Lengths are drawn from (seed, repeat, stream, ordinal), so that levels and the drift check begin with the
 * same ones; rows of a file from (seed, stage, stream, ordinal), so that a later stage does not meet its own prompts
 * in a cache of prefixes.
 */
export function askedBy({ workload, stage, seed, rows }: AskedOptions): (stream: number, ordinal: number) => Asked {
  const repeat = stage.kind === 'drift' ? 0 : stage.repeat;
  /** The probe sends prompts of its own lengths. */
  const drawn = (lengths: Lengths | null, of: 'input' | 'output', at: readonly [number, number]) => {
    if (lengths === null || typeof lengths === 'number' || stage.kind === 'probe') return null;
    if (isColumn(lengths) || isList(lengths)) return null;
    return drawLength(lengths, seededRandom(seed, `${of} length`, repeat, ...at));
  };
  const rowAt = (at: readonly [number, number]) => {
    if (rows === null) return null;
    return rows[Math.floor(seededRandom(seed, 'row', stage.stage, ...at)() * rows.length)] ?? null;
  };
  return (stream, ordinal) => {
    const at = [stream, ordinal] as const;
    const row = rowAt(at);
    return {
      messages: row?.messages ?? null,
      inputTokens: row ? row.inputTokens : (drawn(workload.inputTokens, 'input', at) ?? stage.cell.inputTokens),
      outputTokens: row?.outputTokens ?? drawn(workload.outputTokens, 'output', at) ?? ownLimit(workload, stage),
    };
  };
}

/** Of a file's rows without a limit the workload's, of all other requests the stage's. */
function ownLimit({ file, outputTokens }: Workload, stage: Pick<Stage, 'cell' | 'pass'>): number {
  return file !== null && typeof outputTokens === 'number' ? outputTokens : outputTokensOf(stage);
}
