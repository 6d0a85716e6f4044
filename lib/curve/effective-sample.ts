import { autocovarianceSums } from './fourier.ts';

/**
 * τ of a sequence of yes and no: 1 + 2 Σ ρ(k), the autocorrelations summed in pairs while ρ(2j) + ρ(2j + 1) > 0 (Geyer's
 * initial positive sequence, 1992) and k < n ÷ 2; at least 1, and 1 for a constant sequence. n ÷ τ independent values
 * would tell as much about its share of yes.
 */
export function integratedAutocorrelation(sequence: Uint8Array): number {
  const n = sequence.length;
  const yes = sequence.reduce((sum, value) => sum + value, 0);
  if (yes === 0 || yes === n) return 1;
  const few = byCountingBits(sequence, yes);
  let all: ((lag: number) => number) | null = null;
  let tau = -1;
  for (let lag = 0; lag + 1 < n / 2; lag += 2) {
    if (lag >= lagsOneByOne) all ??= byTransform(sequence, yes);
    const autocorrelation = all ?? few;
    const pair = (lag === 0 ? 1 : autocorrelation(lag)) + autocorrelation(lag + 1);
    if (!(pair > 0)) break;
    tau += 2 * pair;
  }
  return Math.max(1, tau);
}

/** So many autocorrelations are computed one by one, which is faster as long as few are wanted; then all at once. */
const lagsOneByOne = 1024;

/** ρ at a lag: Σ (x(i) − x̄)(x(i + k) − x̄) ÷ Σ (x(i) − x̄)², by counting bits; lags must rise from call to call. */
function byCountingBits(sequence: Uint8Array, yes: number): (lag: number) => number {
  const n = sequence.length;
  const bits = packed(sequence);
  // All sums × n² are whole numbers: a pair of autocorrelations that cancel is 0, not nearly so.
  const variance = n * yes * (n - yes);
  let heads = yes;
  let tails = yes;
  let summed = 0;
  return (lag) => {
    for (; summed < lag; summed++) {
      heads -= sequence[n - 1 - summed] ?? 0;
      tails -= sequence[summed] ?? 0;
    }
    return (n * n * commonBits(bits, lag) - n * yes * (heads + tails) + (n - lag) * yes * yes) / variance;
  };
}

function byTransform(sequence: Uint8Array, yes: number): (lag: number) => number {
  const mean = yes / sequence.length;
  const sums = autocovarianceSums(new Float64Array(sequence.length).map((_, place) => (sequence[place] ?? 0) - mean));
  const variance = sums[0] ?? Number.NaN;
  return (lag) => (sums[lag] ?? 0) / variance;
}

function packed(sequence: Uint8Array): Int32Array {
  const words = new Int32Array(Math.ceil(sequence.length / 32) + 1);
  sequence.forEach((value, place) => {
    words[place >> 5] = (words[place >> 5] ?? 0) | (value << (place & 31));
  });
  return words;
}

/** How many i have both bit i and bit i + lag. */
function commonBits(words: Int32Array, lag: number): number {
  const skip = lag >> 5;
  const shift = lag & 31;
  let common = 0;
  for (let w = 0; w + skip < words.length; w++) {
    const low = (words[w + skip] ?? 0) >>> shift;
    const high = shift === 0 ? 0 : (words[w + skip + 1] ?? 0) << (32 - shift);
    common += bitCount((words[w] ?? 0) & (low | high));
  }
  return common;
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
