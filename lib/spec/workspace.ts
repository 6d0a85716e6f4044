import { credentialInUrl } from './credentials.ts';

/** Why a text is no address of a workspace; null when it is. What browsers add to it, `/?o=123`, is no fault. */
export function workspaceFault(text: string): string | null {
  const url = workspaceUrl(text);
  if (url === null) return 'is no workspace: give its address, such as https://dbc-1234.cloud.databricks.com';
  if (url.username !== '' || url.password !== '') return credentialInUrl(url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.pathname !== '/') return 'must be the workspace alone, without a path: the name of the endpoint makes it';
  return null;
}

/** The address of a serving endpoint's invocations. */
export function invocationsUrl(host: string, endpoint: string): string {
  return `${workspaceUrl(host)?.origin}/serving-endpoints/${endpoint}/invocations`;
}

function workspaceUrl(text: string): URL | null {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(whole) ? new URL(whole) : null;
}
