/** Words of answers, one token each, already written as JSON strings: first without, then with the space before it. */
export interface WordList {
  readonly first: readonly string[];
  readonly following: readonly string[];
}

function wordList(words: readonly string[]): WordList {
  return {
    first: words.map((word) => JSON.stringify(word)),
    following: words.map((word) => JSON.stringify(` ${word}`)),
  };
}

/** The word of token `index` in an answer that begins `offset` words into the list, as a JSON string. */
export function wordAt(list: WordList, offset: number, index: number): string {
  const words = index === 0 ? list.first : list.following;
  return words[(offset + index) % words.length] ?? '""';
}

export const plainWords = wordList(
  `river stone light morning paper window garden silver road cloud
  letter bridge winter orange table north music harbor field candle
  forest glass summer wheel story island yellow market engine feather
  mountain clock velvet copper sail meadow lantern thunder basket echo`.split(/\s+/),
);

/** Words that do harm where foreign text is shown without care: markup, terminal escapes, tricks of writing direction. */
export const hostileText = [
  '<script>alert(1)</script>',
  '\u001b[2J\u001b]0;owned\u0007',
  '</script></style>',
  '<img/src=x/onerror=alert(1)>',
  '\u202Egnp.exe',
  '"quoted\\"',
  'line\u2028break',
  '=HYPERLINK("http://127.0.0.1")',
  '|pipe|',
  '\u0000nul',
  '\ud83d\udd25',
  '[link](javascript:alert(1))',
] as const;

export const hostileWords = wordList(hostileText);
