import { shortened, visible } from './foreign-text.ts';

/**
 * Foreign text as a code span: nothing in it is a link, a mention, markup or HTML. The fence is longer than any run
 * of backticks inside. A bar is written `¦`, since GitHub splits a table row even inside code.
 */
export function code(text: string, most = 200): string {
  const seen = shortened(visible(text), most).replaceAll('|', '¦');
  if (seen.trim() === '') return '(empty)';
  const longest = Math.max(0, ...(seen.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || /^ .* $/.test(seen) ? ' ' : '';
  return `${fence}${pad}${seen}${pad}${fence}`;
}

/** A table of GitHub's Markdown; cells must be of one line and hold no bare bar. */
export function table(
  head: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const rule = align.map((side) => (side === 'right' ? '---:' : '---'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
