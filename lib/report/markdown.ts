import type { Slo } from '../spec/slo.ts';
import { answerName, answerRemarks, answerSentence, answersOf } from './answer.ts';
import { type CellView, cellsOf } from './cells.ts';
import { columnsById } from './columns.ts';
import { failureMessages, failuresByOutcome } from './failures.ts';
import { driftText, findingsOf, notesOf, validitySentence } from './findings.ts';
import { capitalised, count, levelList, percent } from './format.ts';
import { guidanceBlocks } from './markdown-guidance.ts';
import { notebookBlocks } from './markdown-notebook.ts';
import { code, table } from './markdown-text.ts';
import { noteText } from './note-texts.ts';
import { outcomeTexts } from './outcome-texts.ts';
import { probeWarningTexts } from './probe-texts.ts';
import { reasonFigure } from './reason-texts.ts';
import type { Report } from './report.ts';
import { setupOf } from './setup.ts';
import { shownPercentile, shownRate } from './shown.ts';
import { boundText, checkName, measuredText, missText, sloText } from './slo-texts.ts';
import { statusOf } from './status.ts';
import { saidByWorkers } from './worker-words.ts';

/** The report for a pull request: the answer, the levels, what went wrong, the setup. GitHub's Markdown. */
export function reportMarkdown(report: Report): string {
  const views = cellsOf(report);
  const blocks = [
    `# Paretoken: ${code(report.name)}`,
    ...statusBlocks(report),
    ...views.flatMap((view) => [
      ...answerBlocks(view),
      ...levelBlocks(view),
      ...sloBlocks(view, report.spec.slo),
      ...errorBlocks(view),
      ...validityBlocks(view),
    ]),
    ...guidanceBlocks(report),
    ...(report.probe?.warnings ?? []).map((warning) => `> ${probeWarningTexts[warning]}`),
    ...notebookBlocks(report),
    setupBlock(report),
    footnote,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function statusBlocks(report: Report): string[] {
  const { tone, headline, happened, quote, quoted, remedy, remarks } = statusOf(report);
  const told = (sentences: readonly string[]) =>
    sentences.map((sentence) => (sentence === report.ended?.detail ? code(sentence, 500) : sentence)).join(' ');
  if (tone === 'calm') return remarks.length === 0 ? [] : [`> ${told(remarks)}`];
  return [
    `**${headline}** ${told(happened)}`,
    ...(quote === null ? [] : [`${quoted}: ${code(quote, 500)}`]),
    ...(remedy === null ? [] : [`**What to do:** ${remedy}`]),
  ];
}

function answerBlocks(view: CellView): string[] {
  const sentence = answerSentence(view);
  const title = view.heading === null ? [] : [`## ${view.heading}`];
  if (sentence === null) return title;
  const rows = answersOf(view).map((answer) => {
    const { point } = answer;
    const figures =
      point === null
        ? ['–', '–', '–', '–']
        : [
            shownRate(point, 'outputTokensPerSecond').text,
            shownPercentile(point, 'tokensPerSecondPerUser', 'p50').text,
            shownPercentile(point, 'ttftMs', 'p50').text,
            shownPercentile(point, 'latencyMs', 'p50', 1000).text,
          ];
    return [`**${capitalised(answerName(answer))}**`, `**${count(answer.level)}**`, ...figures];
  });
  const head = ['', 'Parallel requests', 'Output tokens/s', 'Tokens/s per user', 'TTFT p50 (ms)', 'Latency p50 (s)'];
  return [
    ...title,
    `**${sentence}**`,
    table(head, ['left', 'right', 'right', 'right', 'right', 'right'], rows).trimEnd(),
    ...answerRemarks(view).map((remark) => `> ${remark}`),
  ];
}

const levelColumnIds = [
  'level',
  'runs',
  'slo',
  'goodput',
  'output',
  'tokensPerSecondPerUser.p50',
  'ttftMs.p50',
  'ttftMs.p95',
  'tpotMs.p50',
  'latencyMs.p50',
  'latencyMs.p95',
  'latencyMs.p99',
  'errors',
  'validity',
];

function levelBlocks({ points }: CellView): string[] {
  if (points.length === 0) return [];
  const levelColumns = columnsById(levelColumnIds, points);
  const head = levelColumns.map(({ group, title, unit }) => {
    const name = group === null ? title : group === 'Throughput' ? `${capitalised(title)}` : `${group} ${title}`;
    return unit === null ? name : `${name} (${unit})`;
  });
  const rows = points.map((point) =>
    levelColumns.map(({ id, show }) =>
      id === 'validity' && point.validity.state !== 'ok' ? `**${point.validity.state}**` : show(point).text,
    ),
  );
  return [
    '### Levels',
    table(
      head,
      levelColumns.map(() => 'right'),
      rows,
    ).trimEnd(),
  ];
}

/** Every level against every bound, and which was missed by how much. */
function sloBlocks({ points }: CellView, slo: Slo | null): string[] {
  const checks = points.find((point) => point.slo)?.slo?.checks ?? [];
  if (!slo || checks.length === 0) return [];
  const rows = points.map((point) => [
    count(point.level),
    point.slo?.verdict ?? '–',
    ...(point.slo?.checks ?? []).map((check) => {
      const by = missText(check);
      const measured = measuredText(check) ?? 'few';
      if (check.verdict !== 'missed') return measured;
      return `**${measured}**${by === null ? '' : `, ${by}`}`;
    }),
  ]);
  const heads = checks.map((check) => `${capitalised(checkName(check.what))} ${boundText(check)}`);
  return [
    '### SLO',
    `${capitalised(sloText(slo))}. Percentiles count a failed request as never answered.`,
    table(
      ['Parallel requests', 'SLO', ...heads],
      ['right', 'left', ...checks.map(() => 'right' as const)],
      rows,
    ).trimEnd(),
  ];
}

function errorBlocks({ points }: CellView): string[] {
  const failures = failuresByOutcome(points);
  if (failures.length === 0) return [];
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  const rows = failures.map(({ outcome, requests: failed, levels }) => [
    `\`${outcome}\``,
    count(failed),
    percent(failed / requests),
    levelList(levels, 5),
    outcomeTexts[outcome],
  ]);
  const said = failureMessages(points)
    .slice(0, 8)
    .map(({ outcome, message, count: times }) => `- ${count(times)} × \`${outcome}\`: ${code(message)}`);
  return [
    '### Errors',
    table(
      ['Outcome', 'Requests', 'Of all', 'Where', 'What it means'],
      ['left', 'right', 'right', 'left', 'left'],
      rows,
    ).trimEnd(),
    ...(said.length === 0 ? [] : [`In the endpoint’s own words:\n\n${said.join('\n')}`]),
  ];
}

function validityBlocks(view: CellView): string[] {
  const { points } = view;
  if (points.length === 0) return [];
  const reasons = findingsOf(points).map(({ name, text, state, places }) => {
    const { title, meaning, remedy } = text;
    const where = places.slice(0, places.length <= 6 ? 6 : 5).map(({ level, reason }) => {
      const measured = reasonFigure(reason);
      return `${count(level)}${measured === null ? '' : ` (${measured})`}`;
    });
    const rest = places.length > where.length ? ` and ${count(places.length - where.length)} more` : '';
    return `- **${title}** (\`${name}\`, ${state}) at ${where.join(', ')}${rest}. ${meaning} *${remedy}*`;
  });
  const notes = notesOf(points)
    .slice(0, 10)
    .map(({ note, levels }) => `- ${noteText(note)} ${capitalised(levelList(levels, 5))}.`);
  const drift = driftText(view);
  const said = saidByWorkers(points).map(({ words, where }) => `- ${capitalised(where)}: ${code(words)}`);
  return [
    '### Validity',
    `${validitySentence(points)}${drift === null ? '' : ` ${drift}`}`,
    ...(reasons.length + notes.length + said.length === 0 ? [] : [[...reasons, ...notes, ...said].join('\n')]),
  ];
}

function setupBlock(report: Report): string {
  const items = setupOf(report).flatMap(({ title, items: of }) => of.map((item) => ({ title, ...item })));
  const rows = items.map(({ title, name, value, foreign }) => [`${title}: ${name}`, foreign ? code(value) : value]);
  const warnings = report.warnings.slice(0, 10).map((warning) => `- ${code(warning, 300)}`);
  return [
    '<details><summary>Setup</summary>',
    '',
    table(['', ''], ['left', 'left'], rows).trimEnd(),
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    '',
    '</details>',
  ].join('\n');
}

const footnote =
  '<sub>p50, p95, p99: percentiles of the answers that ended ok. TTFT: from the send to the first token. TPOT: time per output token after the first; latency = TTFT + TPOT × (n − 1). “few”: too few samples for this percentile. “–”: undefined. Figures hold for this run.</sub>';
