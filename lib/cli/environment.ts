/** The value of an environment variable; null when it is unset or empty. The only place where the CLI reads any. */
export function environmentVariable(name: string): string | null {
  const value = process.env[name];
  return value === undefined || value === '' ? null : value;
}
