/** Σ x(i) x(i + k) of a series for every k from 0 on, by way of its power spectrum: n log n for all of them at once. */
export function autocovarianceSums(series: Float64Array): Float64Array {
  let size = 1;
  while (size < 2 * series.length) size *= 2;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  real.set(series);
  transform(real, imaginary);
  for (let k = 0; k < size; k++) real[k] = (real[k] ?? 0) ** 2 + (imaginary[k] ?? 0) ** 2;
  imaginary.fill(0);
  transform(real, imaginary);
  return real.subarray(0, series.length).map((sum) => sum / size);
}

/** Discrete Fourier transform in place of 2^k complex numbers (Cooley & Tukey, 1965). */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  const cosines = new Float64Array(size / 2).map((_, step) => Math.cos((2 * Math.PI * step) / size));
  const sines = new Float64Array(size / 2).map((_, step) => -Math.sin((2 * Math.PI * step) / size));
  reverseBits(real, imaginary);
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let low = start, step = 0; low < start + half; low++, step += stride) {
        const high = low + half;
        const cosine = cosines[step] ?? 0;
        const sine = sines[step] ?? 0;
        const turnedReal = (real[high] ?? 0) * cosine - (imaginary[high] ?? 0) * sine;
        const turnedImaginary = (real[high] ?? 0) * sine + (imaginary[high] ?? 0) * cosine;
        real[high] = (real[low] ?? 0) - turnedReal;
        imaginary[high] = (imaginary[low] ?? 0) - turnedImaginary;
        real[low] = (real[low] ?? 0) + turnedReal;
        imaginary[low] = (imaginary[low] ?? 0) + turnedImaginary;
      }
    }
  }
}

function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  for (let place = 1, mirrored = 0; place < real.length; place++) {
    let bit = real.length >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (place < mirrored) {
      swap(real, place, mirrored);
      swap(imaginary, place, mirrored);
    }
  }
}

function swap(values: Float64Array, a: number, b: number): void {
  const kept = values[a] ?? 0;
  values[a] = values[b] ?? 0;
  values[b] = kept;
}
