import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { reportFiles } from '../../lib/report/report-files.ts';
import { terminalTable } from '../../lib/report/terminal-table.ts';
import { launchBrowser } from './browser.ts';
import { variants } from './variants.ts';

const sheet = 1700;

/** The page in sheets, for one picture of a long page exceeds what a browser can draw. */
async function pictures(page: Page, path: string): Promise<void> {
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  for (let top = 0, index = 0; top < height; top += sheet, index++) {
    await page.evaluate(`scrollTo(0, ${top})`);
    await page.screenshot({ path: `${path}-${index}.png` });
  }
}

/**
 * Writes every sample report with pictures of its page and its table, to be looked at:
 * `node test/report/gallery.ts FOLDER [VARIANT …]`.
 */
const [folder, ...names] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('name the folder to write to: node test/report/gallery.ts FOLDER [VARIANT …]');

const browser = await launchBrowser();
for (const [name, build] of Object.entries(variants)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const place = join(resolve(folder), name);
  await mkdir(place, { recursive: true });
  const report = build();
  for (const [file, text] of await reportFiles(report)) await writeFile(join(place, file), text);
  for (const columns of [80, 120])
    await writeFile(join(place, `table-${columns}.ans`), terminalTable(report, { columns, color: true }));
  for (const [width, colorScheme] of [
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: sheet }, colorScheme });
    await page.goto(pathToFileURL(join(place, 'report.html')).href);
    await pictures(page, join(place, `page-${width}-${colorScheme}`));
    if (width === 1280 && colorScheme === 'light')
      await page.pdf({ path: join(place, 'page.pdf'), format: 'A4', printBackground: false });
    await page.close();
  }
  const slide = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await slide.goto(pathToFileURL(join(place, 'curve.svg')).href);
  await slide.screenshot({ path: join(place, 'curve.png') });
  await slide.close();
}
await browser.close();
