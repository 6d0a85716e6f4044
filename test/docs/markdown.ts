import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '..', '..');
export const docsFolder = join(projectFolder, 'docs');

/** The text of a page of the docs. */
export function doc(name: string): string {
  return readFileSync(join(docsFolder, name), 'utf8');
}

/** Rows of the first table whose heading begins with `column`, cell by cell, without the heading. */
export function table(text: string, column: string): string[][] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === column);
  if (head < 0) throw new Error(`there is no table whose first column is ${column}`);
  const rows: string[][] = [];
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(cellsOf(line));
  }
  return rows;
}

function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The contents of fenced blocks of a language. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code ?? '',
  );
}

/** What stands under a heading, up to the next of the same rank or a higher one. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const first = lines.indexOf(heading);
  if (first < 0) throw new Error(`there is no heading ${heading}`);
  const rank = heading.indexOf(' ');
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => new RegExp(`^#{1,${rank}} `).test(line));
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}
