import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { setupOf } from '../../lib/report/setup.ts';
import { costText, usageText } from '../../lib/report/usage-texts.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

test('what was sent, with what the endpoint did not count', async (t) => {
  const usage = { requests: 1200, inputTokens: 2_457_600, outputTokens: 307_200, requestsWithoutUsage: 0 };
  const cases = [
    ['all counted', {}, '1,200 requests with 2,457,600 tokens in and 307,200 out'],
    [
      'some not',
      { requestsWithoutUsage: 7 },
      '1,200 requests with 2,457,600 tokens in and 307,200 out; 7 brought no count',
    ],
    [
      'none',
      { inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 1200 },
      '1,200 requests; none brought a count of tokens',
    ],
    ['nothing sent', { requests: 0, inputTokens: 0, outputTokens: 0 }, '0 requests'],
    ['one', { requests: 1, inputTokens: 5, outputTokens: 1 }, '1 request with 5 tokens in and 1 out'],
  ] as const;
  for (const [why, change, text] of cases)
    await t.test(why, () => assert.equal(usageText({ ...usage, ...change }), text));
});

test('cost has two decimals, small amounts three digits, and says when it is a lower bound', () => {
  const cost = (amount: number, isLowerBound = false) => costText({ amount, currency: 'EUR', isLowerBound });
  assert.deepEqual(
    [cost(1234.5), cost(0.001234), cost(0), cost(3, true)],
    [
      '1,234.50 EUR, by the spec’s prices',
      '0.00123 EUR, by the spec’s prices',
      '0.00 EUR, by the spec’s prices',
      'at least 3.00 EUR, by the spec’s prices',
    ],
  );
});

const items = (name: string) =>
  setupOf(variants[name]?.() ?? sampleReport())
    .flatMap((group) => group.items)
    .map((item) => [item.name, item.value]);

test('the setup tells what the sweep sent in all, and what it cost where prices are given', () => {
  const of = (variant: string, name: string) => items(variant).find(([found]) => found === name)?.[1];
  assert.match(of('done', 'Sent in all') ?? '', /^2,357 requests with 4,567,040 tokens in and 570,880 out; 127/);
  assert.equal(of('done', 'Cost'), undefined);
  assert.equal(of('priced', 'Cost'), 'at least 12.35 USD, by the spec’s prices');
  assert.equal(of('corrupt', 'Sent in all'), 'not known');
  assert.match(reportMarkdown(variants['priced']?.() ?? sampleReport()), /\| Run: Cost \| at least 12\.35 USD/);
});
