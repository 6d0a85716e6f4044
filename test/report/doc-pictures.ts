/**
 * Draws the gallery of docs/report.md anew, from two seeded sweeps of the mock under virtual time:
 * `node test/report/doc-pictures.ts`, then look at the pictures. The browser's fonts are the machine's, so the pictures
 * of pages are not compared in tests.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { FaultShare } from '../../lib/mock/fault-choice.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { curveSvg } from '../../lib/report/chart/curve-svg.ts';
import { reportPage } from '../../lib/report/page/page.ts';
import type { Report } from '../../lib/report/report.ts';
import { stableJson } from '../../lib/report/stable-json.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { virtualSweep } from '../sweep/virtual-sweep.ts';
import { launchBrowser } from './browser.ts';

const images = join(import.meta.dirname, '..', '..', 'docs', 'images');
const model: QueueModel = { ...smallServer, slots: 48, jitter: 0.15 };
const spec = parseSpec(`name: nightly
target: {url: https://llm.example.com/v1, model: llama-3.1-8b-instruct}
workload: {inputTokens: 512, outputTokens: 64}
load: {levels: [1, 2, 4, 8, 16, 32, 64, 96]}
slo: {percentiles: {ttft: {p95: 300ms}}}
`);

async function sweepOf(faults: readonly FaultShare[]): Promise<Report> {
  const { report } = await virtualSweep({
    spec,
    mock: { model, seed: 1, faults },
    newAggregator: (store, clock) =>
      storeAggregator({
        store,
        nowEpochMs: clock.nowEpochMs,
        draw: async (drawn) => new Map(drawn.ended === null ? [] : [['report.json', stableJson(drawn)]]),
      }),
  });
  return report;
}

interface Shot {
  readonly file: string;
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  /** From the top of one element to the end of another; from the top of the page without the first. */
  readonly from: string | null;
  readonly to: string;
}

/** The part of a page between two elements, with a margin below. */
async function shoot(browser: Browser, page: string, { file, width, colorScheme, from, to }: Shot): Promise<void> {
  const tab = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
  await tab.goto(pathToFileURL(page).href);
  const top = from === null ? null : await tab.locator(from).first().boundingBox();
  const end = await tab.locator(to).first().boundingBox();
  if (!end || (from !== null && !top)) throw new Error(`the page has no ${from} or no ${to}`);
  const y = Math.max(0, (top?.y ?? 0) - 24);
  await tab.screenshot({
    path: join(images, file),
    fullPage: true,
    clip: { x: 0, y, width, height: Math.ceil(end.y + end.height - y) + 12 },
  });
  await tab.close();
}

const calm = await sweepOf([]);
const troubled = await sweepOf([{ kind: 'throttled', share: 0.02, amount: 1 }]);
await writeFile(join(images, 'curve.svg'), curveSvg(calm));

const folder = await mkdtemp(join(tmpdir(), 'paretoken-pictures-'));
const browser = await launchBrowser();
const pageOf = async (name: string, report: Report) => {
  const path = join(folder, `${name}.html`);
  await writeFile(path, reportPage(report));
  return path;
};
const calmPage = await pageOf('calm', calm);
const desk = { width: 1180, colorScheme: 'light' } as const;
await shoot(browser, calmPage, { ...desk, file: 'report.png', from: null, to: '#curve .chart' });
await shoot(browser, calmPage, { ...desk, file: 'report-times.png', from: '#levels', to: '#levels .charts' });
await shoot(browser, calmPage, {
  ...{ file: 'report-phone.png', width: 390, colorScheme: 'dark' },
  ...{ from: '#curve', to: '#curve .chart' },
});
const troubledPage = await pageOf('troubled', troubled);
await shoot(browser, troubledPage, {
  ...desk,
  ...{ file: 'report-doubts.png', from: '#errors', to: '#validity .finding >> nth=-1' },
});
await browser.close();
await rm(folder, { recursive: true });
