import type { Spec } from '../spec/schema.ts';
import { environmentVariable } from './environment.ts';
import { RefusedError } from './exit.ts';

/**
 * The keys that a spec names, by the name of their environment variable; read before anything is sent.
 * @throws RefusedError when one is not set or can't be sent
 */
export function readSecrets({ target }: Spec, command: 'run' | 'probe'): Record<string, string> {
  if (target.auth === null) return {};
  const { env } = target.auth;
  const value = environmentVariable(env);
  if (value === null) {
    throw new RefusedError(
      `target.auth.env names ${env}, which is not set: set it to the endpoint's key, such as ${env}=... paretoken ${command}`,
    );
  }
  if (/[^\t -~\u0080-\u00ff]/.test(value)) {
    throw new RefusedError(
      `the value of ${env} holds a character that can't be sent in a header, such as a line end: set it to the key alone`,
    );
  }
  return { [env]: value };
}
