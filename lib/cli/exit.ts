/** Exit codes that no report decides; those of a finished sweep, which mean the same, are in report/summary. */
/** A condition of --fail-on holds, or can't be judged. */
export const exitConditionHolds = 1;
export const exitRefused = 2;
export const exitProbeFailed = 3;
export const exitNothingMeasured = 4;
export const exitOwnFault = 70;
export const exitStopped = 130;

/** The command can't be carried out, for a reason the user can mend: printed without a stack. */
export class RefusedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusedError';
  }
}
