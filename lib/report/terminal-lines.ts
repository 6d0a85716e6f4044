import type { NotebookLevel } from '../curve/notebook-levels.ts';
import { answerFigures, answerName, answerRemarks, answerSentence, answersOf } from './answer.ts';
import { type CellView, cellsOf } from './cells.ts';
import { failureMessages } from './failures.ts';
import { findingsOf } from './findings.ts';
import { shortened, visible } from './foreign-text.ts';
import { count, figure, levelList, parallelRequests, time, wordList } from './format.ts';
import { notebookTables } from './notebook/notebook-rows.ts';
import { probeWarningTexts } from './probe-texts.ts';
import { reasonFigure } from './reason-texts.ts';
import type { Report } from './report.ts';
import { statusOf } from './status.ts';
import { saidByWorkers } from './worker-words.ts';
import { wrapped } from './wrap.ts';

const mostPlaces = 4;
const mostMessages = 3;

/** Why levels are in doubt, what to do, and what endpoint and workers said of failures; empty when all is well. */
export function reasonLines({ points }: CellView, width: number): string {
  const findings = findingsOf(points).flatMap(({ text, state, places }) => {
    const { title, remedy } = text;
    const where = places.map(({ level, reason }) => {
      const measured = reasonFigure(reason);
      return `${count(level)}${measured === null ? '' : ` (${measured})`}`;
    });
    return [wrapped(`${state}: ${title.toLowerCase()} at ${wordList(where, mostPlaces)}. ${remedy}`, width, '  ')];
  });
  const all = failureMessages(points);
  const messages = all
    .slice(0, mostMessages)
    .map(({ outcome, message, count: times, levels }) =>
      wrapped(
        `${count(times)} × ${outcome} at ${levelList(levels, mostPlaces)}: “${shortened(visible(message), 200)}”`,
        width,
        '  ',
      ),
    );
  const said = saidByWorkers(points)
    .slice(0, mostMessages)
    .map(({ words, where }) => wrapped(`${where}: “${shortened(visible(words), 200)}”`, width, '  '));
  return [...findings, ...messages, ...said].join('\n');
}

/** What Databricks' notebook would print of each level; empty without its passes. */
export function notebookLines(report: Report, width: number): string {
  return notebookTables(report)
    .flatMap(({ heading, levels }) => levels.flatMap((level) => [notebookLine(level, heading), ...passFailures(level)]))
    .map((line) => wrapped(line, width, '  '))
    .join('\n');
}

/** What was said of the requests of its passes that failed. */
function passFailures({ figures: { passes } }: NotebookLevel): string[] {
  return passes.flatMap(({ pass, messages }) =>
    messages
      .slice(0, mostMessages)
      .map(
        ({ outcome, message, count: times }) =>
          `${pass}: ${count(times)} × ${outcome}: “${shortened(visible(message), 200)}”`,
      ),
  );
}

function notebookLine({ level, figures }: NotebookLevel, heading: string | null): string {
  const { latencyMs, ttftMs, tpotMs, tokensPerSecond } = figures;
  const parts = [
    latencyMs === null ? null : `latency ${time(latencyMs)}`,
    ttftMs === null ? null : `TTFT ${time(ttftMs)}`,
    tpotMs === null ? null : `TPOT ${time(tpotMs)}`,
    tokensPerSecond === null ? null : `${figure(tokensPerSecond)} tokens/s in and out`,
  ].filter((part) => part !== null);
  const place = heading === null ? '' : `${heading}, `;
  return `notebook: ${place}${parallelRequests(level)}: ${parts.length === 0 ? 'no figures' : parts.join(', ')}`;
}

/** A line, wrapped, and how loud it is. */
export interface AnswerLine {
  readonly text: string;
  readonly tone: 'plain' | 'answer' | 'caution' | 'failed';
}

/** How the sweep ended where that needs saying, what qualifies the answers, and the answers last. */
export function answerLines(report: Report, width: number): readonly AnswerLine[] {
  const { tone, headline, happened, quote, quoted, remedy, remarks } = statusOf(report);
  const state = [
    { text: headline, tone: tone === 'failed' ? ('failed' as const) : ('caution' as const) },
    plain(happened.map((sentence) => shortened(visible(sentence), 500)).join(' ')),
    plain(quote === null ? '' : `${quoted}: “${shortened(visible(quote), 500)}”`),
    plain(remedy === null ? '' : `What to do: ${remedy}`),
  ];
  const doubts = (report.probe?.warnings ?? []).map((warning) => plain(probeWarningTexts[warning]));
  const end = plain(remarks.map((sentence) => shortened(visible(sentence), 500)).join(' '));
  const answers = cellsOf(report).flatMap(cellAnswer);
  return [...(tone === 'calm' ? [] : state), end, ...doubts, ...answers]
    .filter(({ text }) => text !== '')
    .map((line) => ({ ...line, text: wrapped(line.text, width) }));
}

function plain(text: string): AnswerLine {
  return { text, tone: 'plain' };
}

function cellAnswer(view: CellView): readonly AnswerLine[] {
  const sentence = answerSentence(view);
  if (sentence === null) return [];
  const figures = answersOf(view).flatMap((answer) =>
    answer.point === null
      ? []
      : [plain(`${count(answer.level)}, ${answerName(answer)}: ${answerFigures(answer.point)}`)],
  );
  const heading = view.heading === null ? [] : [plain(`${view.heading}:`)];
  return [...heading, ...answerRemarks(view).map(plain), ...figures, { text: sentence, tone: 'answer' }];
}
