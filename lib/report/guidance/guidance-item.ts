/** A thing that the figures of a report teach, in words of our own. */
export interface GuidanceItem {
  /** What it is about: a few words. */
  readonly title: string;
  /** At most three short sentences, with figures. */
  readonly text: string;
  /** The levels whose figures it uses; never void ones. */
  readonly levels: readonly number[];
  /** Also told where there is little room. */
  readonly short: boolean;
}

/** Sentences in one paragraph; what can't be said is left out. */
export function paragraph(...sentences: readonly (string | null)[]): string {
  return sentences.filter((sentence) => sentence !== null).join(' ');
}
