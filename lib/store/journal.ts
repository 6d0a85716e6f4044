/** Lines that are only ever added to. What was appended is there when the process that appended it has died. */
export interface Journal {
  /** Every whole line, in order; a last one that was torn is left out. */
  read(): Promise<readonly string[]>;
  /**
   * Adds a line, whole or not at all.
   * @throws StoreError when it can't be stored
   */
  append(line: string): Promise<void>;
}
