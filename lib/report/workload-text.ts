import { isList, type Lengths } from '../spec/lengths.ts';
import type { Workload, WorkloadFile } from '../spec/workload.ts';
import { count } from './format.ts';

/** What is asked, in words; a file's name in them is the user's own. */
export function workloadText({ file, inputTokens, outputTokens }: Workload): string {
  if (file === null) return `${inputText(inputTokens)}, ${outputText(outputTokens)}`;
  if (typeof file === 'string') return `rows of ${file}`;
  const limits = `on average ${outputText(file.outputTokens)}`;
  return `${rowsOf(file)} of ${file.name}: on average ${inputMean(file)}, ${limits}`;
}

function rowsOf({ rows, prompts }: WorkloadFile): string {
  const what = prompts === rows ? 'prompts' : prompts === 0 ? 'rows of lengths' : 'rows of prompts and lengths';
  return rows === 1 ? 'the one row' : `${count(rows)} ${what}`;
}

/** Of prompts as they are, only the endpoint knows the length. */
function inputMean({ prompts, inputTokens }: WorkloadFile): string {
  return `${prompts > 0 ? 'about ' : ''}${count(inputTokens)} input tokens`;
}

const inputText = (lengths: Lengths | null) => `${lengthText(lengths)} input tokens`;

function outputText(lengths: Lengths | null): string {
  return typeof lengths === 'number' || (lengths !== null && isList(lengths))
    ? `at most ${lengthText(lengths)} output tokens`
    : `limits of ${lengthText(lengths)} output tokens`;
}

function lengthText(lengths: Lengths | null): string {
  if (lengths === null) return 'each row’s own';
  if (typeof lengths === 'number') return count(lengths);
  if (isList(lengths)) return lengths.map(count).join(' and ');
  if ('column' in lengths) return `the column ${lengths.column} of`;
  if ('uniform' in lengths) return `${count(lengths.uniform.min)} to ${count(lengths.uniform.max)} (uniform)`;
  const [kind, { mean, deviation, min, max }] =
    'normal' in lengths ? (['normal', lengths.normal] as const) : (['lognormal', lengths.lognormal] as const);
  return `${count(mean)} ± ${count(deviation)} (${kind}, ${count(min)} to ${count(max)})`;
}
