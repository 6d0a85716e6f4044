import { jsonReply, type Reply } from './reply.ts';

/** Gives tokens to service principals as a Databricks workspace does. */
export interface TokenEndpoint {
  /** The answer to a request with this authorization. */
  give(authorization: string | undefined): Reply;
  /** Whether it gave out what this authorization carries. */
  gave(authorization: string | undefined): boolean;
}

const livesSeconds = 3600;

/**
 * Any client id is known; its secret is the key that the mock demands, or anything where it demands none. Tokens are
 * good for as long as the mock lives.
 */
export function tokenEndpoint(apiKey: string | undefined): TokenEndpoint {
  const given = new Set<string>();
  return {
    give(authorization) {
      const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
      const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent);
      if (id === '' || secret === '' || (apiKey !== undefined && secret !== apiKey)) {
        const words = { error: 'invalid_client', error_description: 'Client authentication failed' };
        return jsonReply(401, words);
      }
      const token = `mock-token-${given.size + 1}`;
      given.add(`Bearer ${token}`);
      return jsonReply(200, { access_token: token, token_type: 'Bearer', scope: 'all-apis', expires_in: livesSeconds });
    },
    gave: (authorization) => given.has(authorization ?? ''),
  };
}
