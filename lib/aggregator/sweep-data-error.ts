/** What a sweep itself keeps before it begins is missing: without it nothing can be reduced or drawn. */
export class SweepDataError extends Error {
  readonly code: 'no_plan' | 'no_stage';

  constructor(code: SweepDataError['code'], key: string) {
    super(`${key} is not there or can't be read: is this the folder of the sweep, and was it started?`);
    this.name = 'SweepDataError';
    this.code = code;
  }
}
