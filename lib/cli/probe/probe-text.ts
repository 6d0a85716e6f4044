import { probeFailureText } from '../../plan/probe-failure-text.ts';
import type { ProbeFinding } from '../../plan/probe-finding.ts';
import { speakerLabels, whoseWords } from '../../plan/whose-words.ts';
import { shortened, visible } from '../../report/foreign-text.ts';
import { probeItems } from '../../report/probe-items.ts';
import { probeWarningRemedies, probeWarningTexts } from '../../report/probe-texts.ts';
import { displayWidth, wrapped } from '../../report/wrap.ts';
import type { Target } from '../../spec/target.ts';
import type { Paint } from '../paint.ts';
import type { LocalProbeResult } from './probe-locally.ts';

/** Foreign text longer than this is cut. */
const longestForeign = 500;

export interface ProbeTextOptions {
  readonly target: Pick<Target, 'auth'>;
  readonly columns: number;
  readonly paint: Paint;
}

/** What a probe found, in plain words: whether the endpoint can be measured, what was learned, and what to do. */
export function probeText(result: LocalProbeResult, { target, columns, paint }: ProbeTextOptions): string {
  const { finding, lastFailure } = result;
  const blocks = finding.ok
    ? [
        paint('bold', headline(finding.warnings.length + (lastFailure === null ? 0 : 1))),
        itemLines(finding, columns),
        ...finding.warnings.map((warning) =>
          paragraph(`Warning: ${probeWarningTexts[warning]}`, probeWarningRemedies[warning], columns),
        ),
        ...(lastFailure === null ? [] : [laterFailure(result, lastFailure, { target, columns })]),
      ]
    : [
        paint('red', 'The endpoint could not be measured.'),
        failureLines(finding, { target, columns }),
        ...(finding.remoteAddress === null ? [] : [itemLines(finding, columns)]),
      ];
  return blocks.map((block) => `${block}\n`).join('\n');
}

function headline(doubts: number): string {
  if (doubts === 0) return 'The endpoint can be measured.';
  return `The endpoint can be measured, with ${doubts === 1 ? 'one doubt' : `${doubts} doubts`}.`;
}

/** Names in one column, values in another. */
function itemLines(finding: ProbeFinding, columns: number): string {
  const items = probeItems(finding);
  const width = Math.max(...items.map(({ name }) => displayWidth(name)));
  return items
    .map(({ name, value, foreign }) => {
      const text = foreign ? shortened(visible(value), longestForeign) : value;
      return wrapped(text, columns - width - 4)
        .split('\n')
        .map((line, index) => `  ${(index === 0 ? name : '').padEnd(width)}  ${line}`)
        .join('\n');
    })
    .join('\n');
}

type Written = Pick<ProbeTextOptions, 'target' | 'columns'>;

function failureLines(finding: ProbeFinding, { target, columns }: Written): string {
  const { happened, remedy } = probeFailureText(finding, target);
  const advice = remedy === '' ? [] : [toDo(remedy, columns)];
  return [wrapped(visible(happened), columns), ...quote(finding, columns), ...advice].join('\n');
}

/** The first requests were answered, a later one was not. */
function laterFailure(
  { finding, requests }: LocalProbeResult,
  failure: NonNullable<LocalProbeResult['lastFailure']>,
  { target, columns }: Written,
): string {
  const failed = { ...finding, failure, httpStatus: failure.httpStatus };
  const { happened, remedy } = probeFailureText(failed, target);
  const text = `Warning: of ${requests} requests the last failed. ${visible(happened)}`;
  return [wrapped(text, columns), ...quote(failed, columns), toDo(remedy, columns)].join('\n');
}

/** The words of whoever let the request fail. */
function quote({ failure, httpStatus }: Pick<ProbeFinding, 'failure' | 'httpStatus'>, columns: number): string[] {
  if (failure === null || !failure.message) return [];
  const speaker = whoseWords(failure, httpStatus);
  const words = shortened(visible(failure.message), longestForeign);
  return [wrapped(`${speakerLabels[speaker]}: ${speaker === 'ours' ? words : `“${words}”`}`, columns)];
}

function paragraph(text: string, remedy: string, columns: number): string {
  return `${wrapped(text, columns)}\n${toDo(remedy, columns)}`;
}

function toDo(remedy: string, columns: number): string {
  return wrapped(`What to do: ${remedy}`, columns);
}
