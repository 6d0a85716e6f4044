/** Bytes with the tag under which they were read, for a later compare-and-swap. */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

export interface PutCondition {
  /** Fails with `exists` if the key is there already. */
  readonly ifAbsent?: boolean;
  /** Fails with `changed` unless the key still has this tag. */
  readonly ifMatch?: string;
}

export type PutResult = 'stored' | 'exists' | 'changed';

/** What rests of a sweep: a bucket or a folder laid out the same. Keys are paths with forward slashes. */
export interface Store {
  /** Stores whole or not at all; a condition that does not hold is a result, every other failure a StoreError. */
  put(key: string, bytes: Uint8Array | string, condition?: PutCondition): Promise<PutResult>;
  /** Null when the key is not there. */
  get(key: string): Promise<Stored | null>;
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
