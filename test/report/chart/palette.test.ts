import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dark, light, type Palette } from '../../../lib/report/chart/palette.ts';

/** Contrast of two colours by WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const texts: readonly (readonly [keyof Palette, readonly (keyof Palette)[]])[] = [
  ['ink', ['paper', 'panel', 'accentTint', 'cautionTint', 'badTint']],
  ['muted', ['paper', 'panel', 'cautionTint', 'badTint', 'accentTint']],
  ['accent', ['paper', 'panel', 'accentTint']],
  ['second', ['panel']],
  ['third', ['paper', 'panel']],
  ['good', ['goodTint']],
  ['caution', ['cautionTint']],
  ['bad', ['badTint']],
];

test('every text colour has the contrast of WCAG AA (4.5 : 1) on what it stands on, light and dark', async (t) => {
  for (const [name, palette] of Object.entries({ light, dark })) {
    for (const [text, grounds] of texts) {
      for (const ground of grounds) {
        await t.test(`${name}: ${text} on ${ground}`, () => {
          assert.ok(contrast(palette[text], palette[ground]) >= 4.5, String(contrast(palette[text], palette[ground])));
        });
      }
    }
  }
});
