/** Names of what makes a point dubious; docs/validity.md says what each means and what to do. */
export const reasonNames = [
  'event_loop_delay',
  'cpu',
  'send_lag',
  'streams_missing',
  'load_not_held',
  'emptied',
  'cold_connections',
  'clock_step',
  'records_missing',
  'cut_at_drain',
  'few_samples',
  'errors',
  'drifting',
  'lengths_missed',
  'tokens_unknown',
  'interrupted',
  'control_unreadable',
] as const;

export type ReasonName = (typeof reasonNames)[number];
