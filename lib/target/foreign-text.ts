/** The most that is kept of an endpoint's own words, in UTF-16 units. */
export const longestForeignText = 200;

/** Longer text is not looked at: what is kept comes from its beginning. */
const lookedAt = 4096;

/**
 * Foreign text made fit to be stored and printed: control characters and runs of white space become one space, format
 * characters (which reorder or hide text) go, and it is cut to 200 UTF-16 units without splitting a character.
 */
export function foreignText(text: string): string {
  const clean = text
    .slice(0, lookedAt)
    .toWellFormed()
    .replaceAll(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  if (clean.length <= longestForeignText) return clean;
  return copyOf(clean.slice(0, longestForeignText)).replace(/\uFFFD$/, '');
}

/** A substring would keep the whole of a large body alive. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
