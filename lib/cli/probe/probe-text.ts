import { probeFailureText } from '../../plan/probe-failure-text.ts';
import type { ProbeFailure, ProbeFinding } from '../../plan/probe-finding.ts';
import { shortened, visible } from '../../report/foreign-text.ts';
import { probeItems } from '../../report/probe-items.ts';
import { probeWarningRemedies, probeWarningTexts } from '../../report/probe-texts.ts';
import { displayWidth, wrapped } from '../../report/wrap.ts';
import type { Paint } from '../paint.ts';
import type { LocalProbeResult } from './probe-locally.ts';

/** Foreign text longer than this is cut. */
const longestForeign = 500;

/** What a probe found, in plain words: whether the endpoint can be measured, what was learned, and what to do. */
export function probeText(result: LocalProbeResult, columns: number, paint: Paint): string {
  const { finding, lastFailure } = result;
  const blocks = finding.ok
    ? [
        paint('bold', headline(finding.warnings.length + (lastFailure === null ? 0 : 1))),
        itemLines(finding, columns),
        ...finding.warnings.map((warning) =>
          paragraph(`Warning: ${probeWarningTexts[warning]}`, probeWarningRemedies[warning], columns),
        ),
        ...(lastFailure === null ? [] : [laterFailure(result, lastFailure, columns)]),
      ]
    : [
        paint('red', 'The endpoint could not be measured.'),
        failureLines(finding, columns),
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

function failureLines(finding: ProbeFinding, columns: number): string {
  const { happened, remedy } = probeFailureText(finding);
  const advice = remedy === '' ? [] : [toDo(remedy, columns)];
  return [wrapped(visible(happened), columns), ...quote(finding.failure, columns), ...advice].join('\n');
}

/** The first requests were answered, a later one was not. */
function laterFailure(
  { finding, requests }: LocalProbeResult,
  failure: NonNullable<LocalProbeResult['lastFailure']>,
  columns: number,
): string {
  const { happened, remedy } = probeFailureText({ ...finding, failure, httpStatus: failure.httpStatus });
  const text = `Warning: of ${requests} requests the last failed. ${visible(happened)}`;
  return [wrapped(text, columns), ...quote(failure, columns), toDo(remedy, columns)].join('\n');
}

/** The words of whoever let the request fail: the endpoint, or the system when no connection came up. */
function quote(failure: ProbeFailure | null, columns: number): string[] {
  const message = failure?.message ?? '';
  if (message === '') return [];
  if (failure?.outcome === 'not_sent' || failure?.outcome === 'not_exact')
    return [wrapped(`Why: ${shortened(visible(message), longestForeign)}`, columns)];
  const who = failure?.outcome === 'connect_error' ? 'The system’s own words' : 'The endpoint’s own words';
  return [wrapped(`${who}: “${shortened(visible(message), longestForeign)}”`, columns)];
}

function paragraph(text: string, remedy: string, columns: number): string {
  return `${wrapped(text, columns)}\n${toDo(remedy, columns)}`;
}

function toDo(remedy: string, columns: number): string {
  return wrapped(`What to do: ${remedy}`, columns);
}
