export interface PutCondition {
  /** Stores nothing and answers `exists` if the key is there already. */
  readonly ifAbsent?: boolean;
}

export type PutResult = 'stored' | 'exists';

/** What rests of a sweep: a bucket or a folder laid out the same. Keys are paths with forward slashes. */
export interface Store {
  /**
   * Stores whole or not at all; a condition that does not hold is a result, every other failure a StoreError. A put
   * whose answer was lost is sent again and can find itself: whoever must know who came first reads the key back.
   */
  put(key: string, bytes: Uint8Array | string, condition?: PutCondition): Promise<PutResult>;
  /** Null when the key is not there. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keys that begin with the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /** Names of the folders right under a prefix that ends in a slash, sorted, without a look at what they hold. */
  listFolders(prefix: string): Promise<readonly string[]>;
}

/** What a key held at one moment. */
export interface Versioned {
  readonly bytes: Uint8Array;
  /** Opaque; the same bytes may have the same version. */
  readonly version: string;
}

/** A store that can replace what was read and nothing else: compare-and-swap on one key. */
export interface VersionedStore extends Store {
  /** Null when the key is not there. */
  getVersion(key: string): Promise<Versioned | null>;
  /**
   * Stores if the key still has this version, for null if it still is not there; else `changed`. As with `put`, an
   * answer that was lost can make `changed` speak of this very call: read the key back.
   */
  putIf(key: string, bytes: Uint8Array | string, version: string | null): Promise<'stored' | 'changed'>;
}

/** The store could not be read or written. */
export class StoreError extends Error {
  readonly code: string;
  readonly key: string;

  constructor(key: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.key = key;
    this.code = code;
  }
}
