import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { reportPage } from '../../../lib/report/page/page.ts';
import { launchBrowser } from '../browser.ts';
import { sampleReport } from '../sample-report.ts';
import { variants } from '../variants.ts';

let browser: Browser;
let page: Page;
let folder: string;
/** Console messages, page errors, and requests beyond the page itself, since it was opened. */
let complaints: string[] = [];
/** Pages that are drawn already. */
const written = new Set<string>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paretoken-page-'));
  browser = await launchBrowser();
  page = await browser.newPage({ offline: true });
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (!request.isNavigationRequest() && !request.url().startsWith('data:'))
      complaints.push(`request: ${request.url()}`);
  });
});

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the page of a variant without a network. */
async function open(name: string, width = 1280): Promise<void> {
  const file = join(folder, `${name}.html`);
  if (!written.has(name)) await writeFile(file, reportPage(variants[name]?.() ?? sampleReport()));
  written.add(name);
  await page.setViewportSize({ width, height: 900 });
  complaints = [];
  await page.goto(pathToFileURL(file).href);
}

/** What an expression gives in the page. */
async function ask<T>(expression: string): Promise<T> {
  return (await page.evaluate(expression)) as T;
}

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

const unlike = [
  'running',
  'just-started',
  'probe-failed',
  'troubled',
  'all-failed',
  'unknown-tokens',
  'not-streamed',
  'many-levels',
  'one-request',
  'lost-workers',
  'two-runs',
  'corrupt',
  'grid',
  'lengths',
  'provisioned',
  'slo-met',
  'slo-undecided',
  'slo-troubled',
  'goodput',
  'long-names',
  'right-to-left',
  'hostile',
];

test('every kind of report opens offline without a complaint, and fits a phone and a desk', async (t) => {
  for (const name of unlike) {
    await t.test(name, async () => {
      await open(name, 390);
      assert.equal(await ask<number>(overflow), 0, 'no sideways scrolling at 390 px');
      await page.setViewportSize({ width: 1280, height: 900 });
      assert.equal(await ask<number>(overflow), 0, 'no sideways scrolling at 1280 px');
      assert.deepEqual(complaints, []);
    });
  }
});

test('the policy forbids everything but its one style sheet, and there is no script', async () => {
  await open('hostile');
  const policy = await page.locator('meta[http-equiv]').getAttribute('content');
  assert.match(
    policy ?? '',
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:; base-uri 'none'; form-action 'none'$/,
  );
  assert.equal(await page.locator('script, iframe, object, embed, form, [style], [onload], [onerror]').count(), 0);
  assert.notEqual(
    await ask<string>('getComputedStyle(document.body).backgroundColor'),
    'rgba(0, 0, 0, 0)',
    'the sheet is in force',
  );
  await page.evaluate(
    "document.body.append(Object.assign(document.createElement('style'), {textContent: 'body{margin:99px}'}))",
  );
  assert.notEqual(await ask<string>('getComputedStyle(document.body).marginTop'), '99px', 'no other sheet is');
});

test('hostile text is shown as text', async () => {
  await open('hostile');
  assert.match((await page.locator('h1').textContent()) ?? '', /^<script>alert\(1\)<\/script> "quoted' & <b>bold<\/b>/);
  assert.equal(await page.locator('h1 b, blockquote b, dd b').count(), 0);
  const text = await ask<string>('document.documentElement.textContent');
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  assert.deepEqual(complaints, []);
});

test('headings descend one level at a time, under one h1', async (t) => {
  for (const name of ['troubled', 'grid', 'probe-failed']) {
    await t.test(name, async () => {
      await open(name);
      const levels = await ask<number[]>(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(({tagName}) => Number(tagName[1]))",
      );
      assert.equal(levels.filter((level) => level === 1).length, 1);
      assert.equal(levels[0], 1);
      for (const [index, level] of levels.slice(1).entries()) assert.ok(level <= (levels[index] ?? 0) + 1);
    });
  }
});

test('sections come in the order of a reader’s questions', async () => {
  await open('troubled');
  assert.deepEqual(await ask<string[]>("[...document.querySelectorAll('main>section')].map(({id}) => id)"), [
    'answer',
    'curve',
    'guidance',
    'per-user',
    'levels',
    'distributions',
    'steadiness',
    'errors',
    'validity',
    'points',
    'setup',
    'definitions',
  ]);
});

test('drawings are images with a name and a description, ids are unique', async () => {
  await open('grid');
  const unnamed =
    await ask<number>(`[...document.querySelectorAll('svg:not([aria-hidden])')].filter((svg) => svg.getAttribute('role') !== 'img'
      || !document.getElementById(svg.getAttribute('aria-labelledby'))?.textContent
      || !document.getElementById(svg.getAttribute('aria-describedby'))?.textContent).length`);
  assert.equal(unnamed, 0);
  assert.ok((await page.locator('svg[role=img]').count()) > 20);
  const ids = await ask<string[]>("[...document.querySelectorAll('[id]')].map(({id}) => id)");
  assert.equal(new Set(ids).size, ids.length);
});

test('tables have scoped heads; what scrolls has a name and takes the focus', async () => {
  await open('troubled', 390);
  assert.equal(await page.locator('th:not([scope])').count(), 0);
  assert.equal(await page.locator('tbody tr:not(:has(th[scope=row]))').count(), 0);
  const loose =
    await ask<number>(`[...document.querySelectorAll('main *')].filter((element) => element.scrollWidth > element.clientWidth + 1
      && ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
      && !(element.tabIndex === 0 && element.getAttribute('role') === 'region' && element.getAttribute('aria-label'))).length`);
  assert.equal(loose, 0);
});

test('every level of the curve is labelled with its number of parallel requests, answers by name', async () => {
  await open('done');
  const labels = await page.locator('#curve .wide svg text').allTextContents();
  for (const label of ['1 · low latency', '2', '4', '8', '16', '32 · balanced', '64 · high throughput'])
    assert.ok(labels.includes(label), label);
  assert.ok(labels.some((label) => label.includes('Latency, p50 (s)')));
  assert.ok(labels.some((label) => label.includes('Output tokens/s')));
});

test('labels of twenty levels do not cover each other on a phone', async () => {
  await open('twenty-levels', 390);
  const covered = await ask<number>(`(() => {
      const boxes = [...document.querySelectorAll('#curve .narrow svg text[paint-order]')].map((text) => text.getBoundingClientRect());
      const touch = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
      return boxes.length < 15 ? -1 : boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => touch(a, b))).length;
    })()`);
  assert.equal(covered, 0);
});

test('a void level is drawn hollow and named, an undefined figure carries its reason', async () => {
  await open('void-level');
  assert.ok((await page.locator('#curve .wide svg text').allTextContents()).includes('32 · void'));
  const few = page.locator('#points .missing', { hasText: 'few' }).first();
  assert.match((await few.getAttribute('title')) ?? '', /^too few samples: p99 needs 500, there were \d+$/);
  assert.match(
    (await page.locator('#validity').textContent()) ?? '',
    /The load was not held[\s\S]*level 32 void: 71.%, limit 80.%/,
  );
});

test('an SLO has a table of its own: every level against every bound, what was missed and by how much', async () => {
  await open('slo-met');
  assert.deepEqual(await page.locator('#slo thead th').allTextContents(), [
    'Parallel requests',
    'SLO',
    'TTFT p95 ≤ 500 ms',
    'Latency p95 ≤ 5 s',
    'Errors ≤ 1 %',
    'Good requests ≥ 90 %',
    'Good requests /s',
  ]);
  assert.match(
    (await page.locator('#slo tbody tr').nth(5).textContent()) ?? '',
    /^32missed588 ms18 % above4\.21 s0 %27\.\d %/,
  );
  assert.equal(await page.locator('#slo .miss').count(), 5);
  assert.match((await page.locator('.card').first().textContent()) ?? '', /SLO limit\s*16 parallel requests/);
  assert.ok((await page.locator('#curve .wide svg text').allTextContents()).includes('16 · SLO limit'));
});

test('no level that is known to meet the SLO: a card says why', async () => {
  await open('slo-undecided');
  assert.match(
    (await page.locator('.card.none').textContent()) ?? '',
    /SLO limit[\s\S]*TTFT p99 is not known: it takes 500 requests/,
  );
});

test('without an SLO nothing is said of one', async () => {
  await open('done');
  assert.doesNotMatch(await ask<string>('document.body.textContent'), /SLO|[Gg]oodput/);
});

test('distributions are drawn at the balanced level, and folded away at the others', async () => {
  await open('done');
  assert.match(
    (await page.locator('#distributions .at-level').textContent()) ?? '',
    /^32 parallel requests, the balanced/,
  );
  assert.equal(await page.locator('#distributions > .distributions svg[role=img]').count(), 3);
  const folded = page.locator('#distributions details');
  assert.deepEqual(await folded.locator('summary').allTextContents(), [
    '1 parallel request',
    ...[2, 4, 8, 16, 64].map((level) => `${level} parallel requests`),
  ]);
  assert.equal(await folded.first().locator('svg').first().isVisible(), false);
  await folded.first().locator('summary').click();
  assert.equal(await folded.first().locator('svg').first().isVisible(), true);
  const latency = page.locator('#distributions > .distributions svg').nth(2);
  assert.match(
    (await latency.locator('desc').textContent()) ?? '',
    /^Between 2\.\d+ s and 4\.\d+ s; p50 3\.63 s, p95 4\.21 s\.$/,
  );
  await open('still-rising');
  assert.match(
    (await page.locator('#distributions .at-level').textContent()) ?? '',
    /^8 .*highest level that can be believed/,
  );
  await open('many-levels');
  assert.equal(await page.locator('#distributions details').count(), 0);
});

test('what the figures mean: a thing and its words each, the cells after the first folded away', async () => {
  await open('provisioned');
  assert.deepEqual(await page.locator('#guidance dt').allTextContents(), [
    'Prefill and decode',
    'For readers, or in batch',
    'Latency = TTFT + TPOT × (n − 1)',
    'Shorter and longer answers',
    'The latency budget',
    'Where requests only wait',
    'The provisioned throughput',
  ]);
  assert.match(
    (await page.locator('#guidance dd').first().textContent()) ?? '',
    /5\.6\u00a0% of the latency of 1\.33\u00a0s/,
  );
  await open('lengths');
  assert.deepEqual(await page.locator('#guidance h3').allTextContents(), [
    'Between the lengths',
    '512 tokens in, 64 out',
  ]);
  assert.equal(await page.locator('#guidance details').count(), 3);
  assert.ok((await page.locator('#guidance dd:visible').count()) <= 10);
});

test('without a level that can be believed, what the figures mean is nothing', async () => {
  await open('all-failed');
  assert.match((await page.locator('#guidance').textContent()) ?? '', /Nothing to tell: no level can be believed\./);
});

test('a failed probe is told in plain words with the endpoint’s own and the remedy, and nothing is drawn', async () => {
  await open('probe-failed');
  const answer = (await page.locator('#answer').textContent()) ?? '';
  assert.match(
    answer,
    /The endpoint could not be measured\.[\s\S]*HTTP status 401[\s\S]*Incorrect API key provided[\s\S]*What to do: Check the key/,
  );
  assert.equal(await page.locator('svg[role=img]').count(), 0);
});

test('dark mode is dark, and print is on white', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open('done');
  const background = () => ask<string>('getComputedStyle(document.body).backgroundColor');
  assert.equal(await background(), 'rgb(18, 21, 24)');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await background(), 'rgb(255, 255, 255)');
});
