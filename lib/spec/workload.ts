import { z } from 'zod';
import { isColumn, isList, type Lengths, lengthsSchema } from './lengths.ts';

const mostInputTokens = 2_000_000;
const mostOutputTokens = 1_000_000;

const readFile = z
  .strictObject({
    name: z.string().min(1).max(1000).describe('How the user named it.'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal'),
    rows: z.int().min(1),
    prompts: z.int().min(0).describe('Rows with a prompt or a chat of their own.'),
    inputTokens: z.int().min(1).describe('Mean length; of prompts an estimate, four characters a token.'),
    outputTokens: z.int().min(1).describe('Mean limit of the answers.'),
  })
  .describe('Filled in once the file was read.');

/** A file of prompts as the plan knows it; the rows rest in the store under its SHA-256. */
export type WorkloadFile = z.output<typeof readFile>;

/** What requests ask: prompts of a length, or the rows of a file. */
export const workloadSchema = z
  .strictObject({
    file: z
      .union([z.string().min(1).max(1000), readFile], {
        error: 'must be the path of a file with a JSON object a line, such as prompts.jsonl',
      })
      .nullable()
      .default(null)
      .describe(
        'A file with a JSON object a line: a prompt, a chat or lengths; each request takes a row, drawn by the seed. A path is relative to the sweep’s own file.',
      ),
    inputTokens: lengthsSchema(mostInputTokens)
      .nullable()
      .default(null)
      .describe('Length of each prompt in tokens, as the endpoint counts them; of a list each is a curve of its own.'),
    outputTokens: lengthsSchema(mostOutputTokens)
      .nullable()
      .default(null)
      .describe(
        'Upper limit of each answer in tokens; of a list each is a curve of its own; of a file for rows without one of their own.',
      ),
    exact: z
      .boolean()
      .default(false)
      .describe(
        'The probe corrects prompts, with ten requests instead of three, until the endpoint counts exactly `inputTokens`, chat template included; where it can’t, nothing is measured.',
      ),
  })
  .meta({ anyOf: [{ required: ['inputTokens', 'outputTokens'] }, { required: ['file'] }] })
  .superRefine(({ file, inputTokens, outputTokens, exact }, context) => {
    const add = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (exact && (file !== null || typeof inputTokens === 'object')) {
      add('exact', 'needs inputTokens to be one length, such as 2048');
    }
    if (file !== null) {
      if (outputTokens !== null && isList(outputTokens)) {
        add('outputTokens', 'is a list beside file: the rows are one workload, name one length');
      }
      if (inputTokens === null || isColumn(inputTokens)) return;
      add(
        'inputTokens',
        'stands beside file, whose rows say what is asked: leave one of them out, or name a {column: …}',
      );
      return;
    }
    for (const [key, lengths] of Object.entries({ inputTokens, outputTokens })) {
      if (lengths === null) add(key, 'is missing');
      else if (isColumn(lengths)) add(key, 'names a column, but there is no workload.file to have one');
    }
  });

/** What is asked, parsed. */
export interface Workload {
  /** A path until the file was read; null without one. */
  readonly file: string | WorkloadFile | null;
  /** Null: the rows of the file say it. */
  readonly inputTokens: Lengths | null;
  /** Null: each row of the file has its own. */
  readonly outputTokens: Lengths | null;
  /** Prompts have exactly `inputTokens`, by the endpoint's own count. */
  readonly exact: boolean;
}
