/** Lets one holder at a time work on a key; the others wait in the order in which they came. */
export class KeyLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Settles when the key is free, with the function that frees it again; freeing twice does no harm. */
  async acquire(key: string): Promise<() => void> {
    const before = this.#tails.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tails.set(key, promise);
    await before;
    return () => {
      if (this.#tails.get(key) === promise) this.#tails.delete(key);
      resolve();
    };
  }
}
