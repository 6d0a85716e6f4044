const headerNames =
  /^(authorization|proxy-authorization|cookie|(x-)?api-?key|x-goog-api-key|x-amz-security-token|(x-)?auth-?token|.*-(token|secret|api-key))$/i;
const parameterNames = /^(key|api[-_]?key|(access[-_]?|auth[-_]?)?token|secret|password|sig|signature|code|x-amz-.+)$/i;
const likelySecret = /^(bearer\s+\S|basic\s+\S|sk-|hf_|dapi[0-9a-f]{16})/i;

const remedy =
  'put it into an environment variable and name that under target.auth.env (for the cloud: into Secrets Manager, and name it under target.auth.secret)';

/** Whether a text that should be a name looks like a key. */
export const likelyKey = (text: string): boolean => likelySecret.test(text.trim());

/** Why a literal header must not stand in a spec; null when it may. */
export function credentialInHeader(name: string, value: string): string | null {
  if (!headerNames.test(name) && !likelySecret.test(value.trim())) return null;
  return `looks like a credential, which must not stand in a spec: ${remedy}`;
}

/** Why a URL must not stand in a spec (user info, key parameters); null when it may. */
export function credentialInUrl(url: URL): string | null {
  if (url.username !== '' || url.password !== '') return `holds a user name or password: ${remedy}`;
  for (const name of url.searchParams.keys()) {
    if (parameterNames.test(name)) return `holds the credential parameter "${name}": ${remedy}`;
  }
  return null;
}

/** Why an environment variable may not be sent to an endpoint; null when it may. */
export function protectedEnvironmentName(name: string): string | null {
  if (!/^AWS_/i.test(name)) return null;
  return 'names an AWS credential, which is never sent to an endpoint: copy the key into a variable of its own';
}
