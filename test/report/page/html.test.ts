import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { html, render, trusted } from '../../../lib/report/page/html.ts';

test('text is escaped, markup of ours is not', () => {
  assert.equal(
    render(html`<p title="${'"a"'}">${"<b> & 'c'"}</p>`),
    '<p title="&quot;a&quot;">&lt;b&gt; &amp; &#39;c&#39;</p>',
  );
  assert.equal(render(html`${html`<i>${'<'}</i>`}${null}${3}${['a', html`<br>`]}`), '<i>&lt;</i>3a<br>');
  assert.equal(render(trusted('<svg></svg>')), '<svg></svg>');
});

test('control characters are made visible', () => {
  assert.equal(render('\u001b[2J\u202e'), '\\u{1b}[2J\\u{202e}');
});

test('whatever the text, it comes back as the one text and attribute of its element', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'script', ' ', '=', '-', '!', 'a') }),
      (text) => {
        const { document } = parseHTML(`<html><body>${render(html`<p title="${text}">${text}</p>`)}</body></html>`);
        assert.equal(document.body.children.length, 1);
        assert.equal(document.body.children[0].children.length, 0);
        assert.equal(document.body.children[0].textContent, text);
        assert.equal(document.body.children[0].getAttribute('title'), text);
      },
    ),
  );
});
