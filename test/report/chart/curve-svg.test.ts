import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { curveSvg } from '../../../lib/report/chart/curve-svg.ts';
import { launchBrowser } from '../browser.ts';
import { sampleReport } from '../sample-report.ts';
import { variants } from '../variants.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser?.close());

test('curve.svg is well-formed, of 16 : 9, and its texts stay within it', async (t) => {
  const page = await browser.newPage({ offline: true, viewport: { width: 1280, height: 720 } });
  for (const name of [
    'done',
    'probe-failed',
    'many-levels',
    'long-names',
    'hostile',
    'slo-met',
    'slo-troubled',
    'right-to-left',
  ]) {
    await t.test(name, async () => {
      const svg = curveSvg(variants[name]?.() ?? sampleReport());
      const found = (await page.evaluate(`(() => {
        const parsed = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
        const root = document.importNode(parsed.documentElement, true);
        document.body.replaceChildren(root);
        document.body.style.margin = 0;
        const wide = [...root.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > 1280).map((text) => text.textContent);
        return { name: parsed.documentElement.tagName, box: root.getAttribute('viewBox'), wide, active: root.querySelectorAll('script, style, [href], [onload]').length };
      })()`)) as object;
      assert.deepEqual(found, { name: 'svg', box: '0 0 1280 720', wide: [], active: 0 });
    });
  }
});

test('the picture says what it shows: name, model, axes, levels and the answer', () => {
  const svg = curveSvg(sampleReport());
  for (const text of [
    'nightly',
    'llama-3.1-8b-instruct',
    '↑ Output tokens/s',
    'Latency, p50 (s) →',
    '32 · balanced',
    'Send 1 parallel request',
  ]) {
    assert.ok(svg.includes(text), text);
  }
});

test('the answer stands whole, on as many lines as it takes', () => {
  const texts = (name: string) =>
    [
      ...curveSvg(variants[name]?.() ?? sampleReport()).matchAll(/font-weight="600" fill="#191d21">([^<]*)<\/text>/g),
    ].map(([, text = '']) => text);
  assert.match(texts('done').join(' '), /^Send 1 parallel request .* 64 for the highest throughput\.$/);
  assert.equal(texts('done').length, 1);
  assert.match(
    texts('slo-met').join(' '),
    /^Up to 16 parallel requests meet the SLO.* 64 for the highest throughput\.$/,
  );
  assert.equal(texts('slo-met').length, 2);
});

test('what is too long for the picture ends in an ellipsis, and stands whole in its title', () => {
  const { name } = variants['long-names']?.() ?? sampleReport();
  const svg = curveSvg(variants['long-names']?.() ?? sampleReport());
  assert.ok(svg.includes(`<title>${name}</title>n`));
  assert.match(svg, /n…<\/text>/);
  assert.doesNotMatch(curveSvg(sampleReport()).replace(/<svg x=[\s\S]*<\/svg>\n/, ''), /<title>/);
});

test('without a point the picture says why', () => {
  assert.match(curveSvg(variants['probe-failed']?.() ?? sampleReport()), /The endpoint could not be measured\./);
});

test('colours and fonts need nothing around it', () => {
  assert.doesNotMatch(curveSvg(sampleReport()), /var\(|class=|<style|url\(/);
});
