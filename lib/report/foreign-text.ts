/**
 * Text that others wrote (model names, messages, header values), made safe to look at: line breaks become `↵`, tabs
 * a space, and every control, bidi, invisible or unpaired character is written out as `\u{202e}`, so that it can
 * neither drive a terminal nor turn a line around. Joiners stay: emoji and several scripts need them.
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n|[\n\r\u2028\u2029]/g, '↵')
    .replace(/\t/g, ' ')
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu, writtenOut);
}

function writtenOut(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const segmenter = new Intl.Segmenter('en');

/** The characters of a text as a reader counts them: an emoji of several code points is one. */
export function charactersOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** At most `most` characters as a reader counts them; what was cut shows as an ellipsis. */
export function shortened(text: string, most: number): string {
  const characters = charactersOf(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
