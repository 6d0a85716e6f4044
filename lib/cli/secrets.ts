import type { Spec } from '../spec/schema.ts';
import { databricksKey } from '../spec/target.ts';
import { environmentVariable } from './environment.ts';
import { RefusedError } from './exit.ts';

/**
 * The keys that a spec names, by the name of their environment variable; read before anything is sent.
 * @throws RefusedError when one is not set, can't be sent, or is kept where only a sweep in the cloud reads it
 */
export function readSecrets({ target: { auth, type } }: Spec, command: 'run' | 'probe'): Record<string, string> {
  if (auth === null) return {};
  if (!('env' in auth)) throw new RefusedError(onlyInTheCloud(auth, command));
  const { env } = auth;
  const value = environmentVariable(env);
  if (value === null) {
    const byDefault = type === 'databricks' && env === databricksKey && auth.clientId === undefined;
    throw new RefusedError(byDefault ? unsetByDefault(command) : unset(env, command));
  }
  if (/[^\t -~\u0080-\u00ff]/.test(value)) {
    throw new RefusedError(
      `the value of ${env} holds a character that can't be sent in a header, such as a line end: set it to the key alone`,
    );
  }
  return { [env]: value };
}

function unset(env: string, command: string): string {
  return `target.auth.env names ${env}, which is not set: set it to the endpoint's key, such as ${env}=... paretoken ${command}`;
}

/** Nobody need have named it. */
function unsetByDefault(command: string): string {
  return `set ${databricksKey} (what a Databricks target reads unless --auth-env names another) to the workspace's token, such as ${databricksKey}=... paretoken ${command}`;
}

function onlyInTheCloud(auth: object, command: 'run' | 'probe'): string {
  const [key, service] = 'secret' in auth ? ['secret', 'Secrets Manager'] : ['parameter', 'Parameter Store'];
  const here = `put the key into an environment variable and name that, such as LLM_KEY=... paretoken ${command} --auth-env LLM_KEY`;
  const there = command === 'run' ? ', or run the sweep in the cloud with `paretoken start`' : '';
  return `target.auth.${key} names a key in ${service}, which only a sweep in the cloud reads: here ${here}${there}`;
}
