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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a header must not hold
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    throw new RefusedError(
      `the value of ${env} holds a control character, such as a line end: it can't be sent in a header`,
    );
  }
  return { [env]: value };
}
