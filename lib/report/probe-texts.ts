import type { ProbeWarning, Reasoning } from '../plan/probe-finding.ts';

/** What a doubt of the probe means for the figures. */
export const probeWarningTexts: Readonly<Record<ProbeWarning, string>> = {
  not_streamed:
    'The endpoint did not stream its answers: there is no time to first token, and latency runs to the end of the answer.',
  buffered:
    'Answers came all at once, though as a stream: something between here and the model holds them back. There is no time to first token.',
  no_usage: 'The endpoint sends no count of tokens: what rests on tokens is unknown.',
  usage_refused: 'The endpoint refused to be asked for usage in the stream (stream_options), so it was not asked.',
};

/** What to do about a doubt of the probe. */
export const probeWarningRemedies: Readonly<Record<ProbeWarning, string>> = {
  not_streamed:
    'Turn streaming on where the endpoint is set up, and see that target.parameters do not turn it off; latency and throughput can be measured as it is.',
  buffered:
    'Turn buffering and compression off in the proxy between (such as nginx: proxy_buffering off), or name the model server’s own address as target.url.',
  no_usage:
    'Have the server count tokens (its option may be called usage); without a count, throughput and time per output token stay empty.',
  usage_refused: 'Nothing needs to be done if it counts tokens all the same; else update the server.',
};

/** Whether the model reasons, and what that means for the figures. */
export const reasoningTexts: Readonly<Record<Reasoning, string>> = {
  none: 'none',
  visible: 'its tokens stream, and the first of them is the first token',
  hidden: 'hidden: counted in the usage but not streamed, so it passes before the first token',
};
