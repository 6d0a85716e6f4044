/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

const requestIdHeaders = [
  'x-request-id',
  'request-id',
  'apim-request-id',
  'x-amzn-requestid',
  'x-databricks-request-id',
];

/** The endpoint's own id of a request, by whichever name it goes; foreign. */
export function requestIdOf(headers: AnswerHeaders): string | null {
  return requestIdHeaders.map((name) => headerOf(headers, name)).find((id) => id !== null) ?? null;
}

/** The first value of a header; null when it is not there. */
export function headerOf(headers: AnswerHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
