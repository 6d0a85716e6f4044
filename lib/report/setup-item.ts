/** A line of the setup. */
export interface SetupItem {
  readonly name: string;
  readonly value: string;
  /** The value, or part of it, was written by others. */
  readonly foreign: boolean;
}

export const ours = (name: string, value: string): SetupItem => ({ name, value, foreign: false });
export const theirs = (name: string, value: string): SetupItem => ({ name, value, foreign: true });
