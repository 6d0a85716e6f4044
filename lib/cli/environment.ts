/** The value of an environment variable; null when it is unset or empty. The CLI reads and sets them nowhere but in this file. */
export function environmentVariable(name: string): string | null {
  const value = process.env[name];
  return value === undefined || value === '' ? null : value;
}

/** Sets a variable for the threads and processes that this one starts. */
export function passOn(name: string, value: string): void {
  process.env[name] = value;
}
