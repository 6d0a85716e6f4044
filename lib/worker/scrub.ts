/** A secret shorter than this is no secret, and taking it out would tear other words apart. */
const leastLength = 6;

/** Takes a resolved secret out of foreign text, a part of it that was cut off at the text's end included. */
export function scrubber(secret: string | null): (text: string) => string {
  if (secret === null || secret.length < leastLength) return (text) => text;
  return (text) => {
    const whole = text.replaceAll(secret, '[secret]');
    for (let length = Math.min(secret.length - 1, whole.length); length >= leastLength; length--) {
      if (whole.endsWith(secret.slice(0, length))) return `${whole.slice(0, -length)}[secret]`;
    }
    return whole;
  };
}
