import type { IncomingHttpHeaders } from 'node:http';

/** Who signed a request; signatures themselves are not checked, the key's name alone says who it is. */
export interface Caller {
  readonly accessKeyId: string;
  /** Of a function's process: the environment it runs in. */
  readonly sessionToken: string | null;
}

/** What the AWS SDKs read from an environment. */
export interface CallerVariables {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN?: string;
}

export const adminVariables: CallerVariables = { AWS_ACCESS_KEY_ID: 'AKIAADMIN', AWS_SECRET_ACCESS_KEY: 'secret' };

const rolePrefix = 'ASIA-';

/** Credentials that name a role, and the environment in which its function runs. */
export function roleVariables(roleName: string, environmentId: string): CallerVariables {
  return {
    AWS_ACCESS_KEY_ID: rolePrefix + roleName,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: environmentId,
  };
}

export const isAdmin = ({ accessKeyId }: Caller) => accessKeyId === adminVariables.AWS_ACCESS_KEY_ID;

export const callerOfRole = (roleName: string): Caller => ({ accessKeyId: rolePrefix + roleName, sessionToken: null });

/** The role that a caller's credentials name; null for anybody else. */
export function roleOf({ accessKeyId }: Caller): string | null {
  return accessKeyId.startsWith(rolePrefix) ? accessKeyId.slice(rolePrefix.length) : null;
}

/** The caller that a request's signature names; null when it bears none. */
export function callerOf(headers: IncomingHttpHeaders, query: URLSearchParams): Caller | null {
  const signed = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  const accessKeyId = signed ?? query.get('X-Amz-Credential')?.split('/')[0];
  if (accessKeyId === undefined) return null;
  const token = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token');
  return { accessKeyId, sessionToken: typeof token === 'string' ? token : null };
}
