/** Why a sweep ended. */
export const endReasons = [
  'done',
  'plateau',
  'slo',
  'error_rate',
  'void',
  'budget',
  'stopped',
  'failed',
  'probe_failed',
] as const;

export type EndReason = (typeof endReasons)[number];

export interface Ended {
  readonly reason: EndReason;
  /** A sentence for people; may quote the endpoint. */
  readonly detail: string | null;
}
