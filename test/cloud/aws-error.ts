/** A refusal that a service of the local cloud answers; each protocol writes it in its own form. */
export class AwsError extends Error {
  readonly status: number;
  readonly code: string;
  /** Further members of the error's body. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { readonly details?: Readonly<Record<string, string>> },
  ) {
    super(message, options);
    this.name = 'AwsError';
    this.status = status;
    this.code = code;
    this.details = options?.details ?? {};
  }
}
