/** A stream of reproducible random numbers in [0, 1). */
export type SeededRandom = () => number;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded by hashing the parts: the same parts give the same stream, and
 * different parts unrelated streams.
 */
export function seededRandom(...parts: readonly (string | number)[]): SeededRandom {
  let [a, b, c, d] = hash128(parts.join('\u0000'));
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Four FNV-1a-like 32-bit lanes with different offsets: spreads a short text over the generator's state. */
function hash128(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    lanes[0] = Math.imul(lanes[0] ^ code, 16777619);
    lanes[1] = Math.imul(lanes[1] ^ (code + i), 2246822519);
    lanes[2] = Math.imul(lanes[2] ^ (code + lanes[0]), 3266489917);
    lanes[3] = Math.imul(lanes[3] ^ (code + lanes[1]), 668265263);
  }
  return lanes;
}
