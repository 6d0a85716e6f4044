import type { ProbeWarning } from '../plan/probe-finding.ts';

/** What a doubt of the probe means for the figures. */
export const probeWarningTexts: Readonly<Record<ProbeWarning, string>> = {
  not_streamed:
    'The endpoint did not stream its answers: there is no time to first token, and latency runs to the end of the answer.',
  buffered:
    'Answers came all at once, though as a stream: something between here and the model holds them back. There is no time to first token.',
  no_usage: 'The endpoint sends no count of tokens: what rests on tokens is unknown.',
  usage_refused: 'The endpoint refused to be asked for usage in the stream (stream_options), so it was not asked.',
};
