import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { provisionedShare } from '../../../lib/report/guidance/provisioned.ts';
import { setupOf } from '../../../lib/report/setup.ts';
import { sampleReport, withLevel } from '../sample-report.ts';
import { provisioned } from '../variants.ts';
import { sample, textOf, viewOf } from './view-of.ts';

const range = { min: 0, max: 24_000 };
const textFor = (name: string, given = range) => textOf(provisionedShare(viewOf(sample(name)), given)) ?? '';

describe('the provisioned throughput', () => {
  it('the highest total tokens/s ÷ the maximum', () => {
    assert.match(
      textFor('done'),
      /provisioned for 0 to 24,000 tokens\/s\. At best it gave 21,678 input and output tokens\/s at 64 parallel requests, 90\.3 % of the maximum\./,
    );
    assert.match(textFor('done', { min: 0, max: 20_000 }), /108\.4 % of the maximum/);
  });

  it('of one number there is no maximum', () => {
    const text = textOf(provisionedShare(viewOf(sampleReport()), { min: null, max: 24_000 })) ?? '';
    assert.match(text, /provisioned for 24,000 tokens\/s\. .* 90\.3 % of that\./);
  });

  it('still rising, or a lower bound, is told', () => {
    assert.match(textFor('still-rising'), /% of the maximum, and was still rising\./);
    const least = withLevel(sampleReport(), 64, (point) => ({ ...point, throughputIsLowerBound: true }));
    assert.match(textOf(provisionedShare(viewOf(least), range)) ?? '', /gave at least 21,678 .*, at least 90\.3 %/);
  });

  it('tokens that are not counted reach no share', () => {
    assert.match(textFor('unknown-tokens'), /what it reached is not known, for tokens were not counted\.$/);
  });

  it('nothing is said of endpoints that are not said to be provisioned', () => {
    assert.equal(provisionedShare(viewOf(sampleReport()), null), null);
  });

  it('stands in the setup', () => {
    const items = setupOf(provisioned(sampleReport(), range)).flatMap((group) => group.items);
    assert.equal(items.find(({ name }) => name === 'Provisioned')?.value, '0 to 24,000 tokens/s');
    assert.ok(setupOf(sampleReport()).every((group) => group.items.every(({ name }) => name !== 'Provisioned')));
  });
});
