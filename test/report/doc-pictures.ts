/**
 * Draws the pictures of the docs anew from a seeded sample: `node test/report/doc-pictures.ts`, then look at them. The
 * browser's fonts are the machine's, so the picture of the page is not compared in tests.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { curveSvg } from '../../lib/report/chart/curve-svg.ts';
import { reportPage } from '../../lib/report/page/page.ts';
import { launchBrowser } from './browser.ts';
import { sampleReport } from './sample-report.ts';

const images = join(import.meta.dirname, '..', '..', 'docs', 'images');
const report = sampleReport();
await writeFile(join(images, 'curve.svg'), curveSvg(report));

const folder = await mkdtemp(join(tmpdir(), 'paretoken-picture-'));
const page = join(folder, 'report.html');
await writeFile(page, reportPage(report));
const width = 1180;
const browser = await launchBrowser();
const tab = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme: 'light' });
await tab.goto(pathToFileURL(page).href);
const chartEnds = await tab.locator('svg').first().boundingBox();
if (!chartEnds) throw new Error('the page has no chart');
const height = Math.ceil(chartEnds.y + chartEnds.height) + 40;
await tab.setViewportSize({ width, height });
await tab.screenshot({ path: join(images, 'report.png') });
await browser.close();
await rm(folder, { recursive: true });
