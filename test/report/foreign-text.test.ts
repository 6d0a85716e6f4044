import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shortened, visible } from '../../lib/report/foreign-text.ts';

test('visible writes out whatever could drive a terminal or turn a line around', async (t) => {
  const cases: readonly (readonly [text: string, expected: string, reason: string])[] = [
    ['plain', 'plain', 'nothing to do'],
    ['\u001b[31mred\u001b[0m', '\\u{1b}[31mred\\u{1b}[0m', 'a colour'],
    ['\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}', 'the window title'],
    ['\u009b2J', '\\u{9b}2J', 'CSI in one C1 character'],
    ['a\r\nb\nc\rd', 'a↵b↵c↵d', 'line breaks of every kind'],
    ['a\tb', 'a b', 'a tab'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe', 'right-to-left override'],
    ['a\u2066b\u2069', 'a\\u{2066}b\\u{2069}', 'isolates'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}', 'invisible'],
    ['\ud800', '\\u{d800}', 'half a surrogate pair'],
    ['👩‍🔬 می‌خواهم', '👩‍🔬 می‌خواهم', 'joiners that emoji and Persian need'],
    ['اختبار', 'اختبار', 'right-to-left script is text like any other'],
  ];
  for (const [text, expected, reason] of cases) await t.test(reason, () => assert.equal(visible(text), expected));
});

/** Every code point, halves of surrogate pairs included; the low ones, where most controls are, more often. */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0x2fff }), fc.integer({ min: 0, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

test('visible leaves no control, format or lone surrogate character but the joiners', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      assert.doesNotMatch(visible(text), /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('shortened cuts between characters as a reader counts them', () => {
  assert.equal(shortened('abcdef', 6), 'abcdef');
  assert.equal(shortened('abcdef', 4), 'abc…');
  assert.equal(shortened('👩‍🔬👩‍🔬👩‍🔬', 2), '👩‍🔬…');
});
