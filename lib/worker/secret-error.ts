/** A key could not be had; the message names the place of the key, never what is in it. */
export class SecretError extends Error {
  /** AWS's name for it, or one of `Binary`, `Empty`, `NoJson`, `NoField`, `FieldNeeded`, `NoText`, `Unsendable`, `NotHere`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SecretError';
    this.code = code;
  }
}
