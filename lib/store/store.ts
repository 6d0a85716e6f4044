export interface PutCondition {
  /** Stores nothing and answers `exists` if the key is there already. */
  readonly ifAbsent?: boolean;
}

export type PutResult = 'stored' | 'exists';

/** What rests of a sweep: a bucket or a folder laid out the same. Keys are paths with forward slashes. */
export interface Store {
  /** Stores whole or not at all; a condition that does not hold is a result, every other failure a StoreError. */
  put(key: string, bytes: Uint8Array | string, condition?: PutCondition): Promise<PutResult>;
  /** Null when the key is not there. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keys that begin with the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
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
