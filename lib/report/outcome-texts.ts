import type { Outcome } from '../timing/outcome.ts';

/** What each outcome means, in a sentence. */
export const outcomeTexts: Readonly<Record<Outcome, string>> = {
  ok: 'The answer came whole.',
  stream_error: 'The endpoint reported an error inside the stream.',
  truncated: 'The answer broke off in the middle.',
  throttled: 'The endpoint refused for its rate limit (429, or throttling in the stream).',
  http_error: 'The endpoint answered with an error status.',
  connect_error: 'No connection could be made.',
  reset_before_headers: 'The connection was reset before an answer began.',
  bad_content_type: 'The answer was not of a kind that can be read, such as a web page.',
  timeout: 'A deadline passed.',
  cancelled: 'The run itself cancelled the request; not counted as a failure.',
  unknown: 'Something else went wrong.',
};
