import { charactersOf } from './foreign-text.ts';

/** Breaks a text at spaces into lines of at most `width` columns, later lines indented; longer words are cut. */
export function wrapped(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => pieces(long, Math.max(8, width - indent.length)))) {
    const room = width - (lines.length === 0 ? 0 : indent.length);
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one, index) => (index === 0 ? one : `${indent}${one}`)).join('\n');
}

/** A text of several lines, each wrapped by itself, what runs over indented. */
export function wrappedLines(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapped(line, width, '  '))
    .join('\n');
}

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns that a text takes in a terminal: two for wide characters and emoji, however many code points they have. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return charactersOf(text).reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

/** At most `width` columns of a text; what was cut shows as an ellipsis. */
export function fitted(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of charactersOf(text)) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function pieces(word: string, width: number): string[] {
  const found: string[] = [];
  let piece = '';
  for (const character of charactersOf(word)) {
    if (displayWidth(piece + character) > width) {
      found.push(piece);
      piece = character;
    } else {
      piece += character;
    }
  }
  return [...found, piece];
}
