import { createHash } from 'node:crypto';
import { cellsOf } from '../cells.ts';
import { utc } from '../format.ts';
import type { Report } from '../report.ts';
import { type Status, statusOf } from '../status.ts';
import { answerSection } from './answer-section.ts';
import { curveSection, perUserSection } from './curve-section.ts';
import { definitionsSection } from './definitions-section.ts';
import { distributionsSection } from './distributions-section.ts';
import { foreign } from './elements.ts';
import { errorsSection } from './errors-section.ts';
import { guidanceSection } from './guidance-section.ts';
import { type Html, html, render, trusted } from './html.ts';
import { levelsSection } from './levels-section.ts';
import { notebookSection } from './notebook-section.ts';
import { pointsSection } from './points-section.ts';
import { setupSection } from './setup-section.ts';
import { slicesSection } from './slices-section.ts';
import { sloSection } from './slo-section.ts';
import { styleSheet } from './style-sheet.ts';
import { validitySection } from './validity-section.ts';

/** The report as one page: no script, nothing loaded, its only style sheet allowed by its hash. */
export function reportPage(report: Report): string {
  const style = styleSheet();
  const hash = createHash('sha256').update(style).digest('base64');
  const status = statusOf(report);
  return render(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${trusted(hash)}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${report.name} · Paretoken</title>
<link rel="icon" href="${icon}">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#answer">Skip to the answer</a>
${pageHeader(report, status)}
<main>
${sections(report)}
</main>
<footer><p>Measured by Paretoken ${report.version}. Intervals and answers hold for this run.</p></footer>
</body>
</html>
`);
}

function pageHeader(report: Report, status: Status): Html {
  const { name, target, startedAtEpochMs } = report;
  return html`<header>
<p class="eyebrow">Paretoken report <span class="status ${status.tone}">${status.label}</span></p>
<h1${trusted(name.length > 60 ? ' class="long"' : '')}>${foreign(name)}</h1>
<p class="subject">${target.model === null ? null : html`<strong>${foreign(target.model)}</strong> at `}${foreign(target.url)}</p>
<p class="when"><time datetime="${new Date(startedAtEpochMs).toISOString()}">${utc(startedAtEpochMs)}</time></p>
</header>`;
}

/** The sections in their order; without a single point only those that have something to say. */
function sections(report: Report): readonly Html[] {
  const views = cellsOf(report);
  const measured = report.points.length > 0;
  return [
    answerSection(report, views),
    ...(measured
      ? [
          curveSection(views),
          guidanceSection(report),
          ...(report.spec.slo ? [sloSection(report.spec.slo, views)] : []),
          perUserSection(views),
          levelsSection(views),
          distributionsSection(views),
          slicesSection(views),
          errorsSection(views),
          validitySection(report, views),
          pointsSection(report, views),
        ]
      : []),
    ...(report.notebook.length > 0 ? [notebookSection(report)] : []),
    setupSection(report),
    definitionsSection(report),
  ];
}

const drawnIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0a5ca8"/><path d="M8 25C8 13 13 9 25 8" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/><circle cx="12.5" cy="12.5" r="3.5" fill="#fff"/></svg>';
const icon = `data:image/svg+xml;base64,${Buffer.from(drawnIcon).toString('base64')}`;
