/**
 * A file that should hold requests could not be read: `unreadable` (cut short, damaged, no Parquet at all) or
 * `other_schema` (Parquet, but not `paretoken.record.v1`).
 */
export class RecordFileError extends Error {
  readonly code: 'unreadable' | 'other_schema';

  constructor(code: RecordFileError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RecordFileError';
    this.code = code;
  }
}
