/** A secret shorter than this is no secret, and taking it out would tear other words apart. */
const leastLength = 6;

/** Takes resolved secrets out of foreign text, parts of them that were cut off at the text's end included. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter(({ length }) => length >= leastLength);
  if (long.length === 0) return (text) => text;
  return (text) => long.reduce(withoutSecret, text);
}

function withoutSecret(text: string, secret: string): string {
  const whole = text.replaceAll(secret, '[secret]');
  for (let length = Math.min(secret.length - 1, whole.length); length >= leastLength; length--) {
    if (whole.endsWith(secret.slice(0, length))) return `${whole.slice(0, -length)}[secret]`;
  }
  return whole;
}
