/** How numbers are written for people, everywhere in reports: about three significant digits, commas for thousands. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,235`, `12.3`, `0.0123`: three significant digits below 100, whole numbers above. */
export function figure(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 99.95) return whole.format(value);
  const text = value.toPrecision(3);
  return text.includes('e') ? Number(text).toExponential() : text;
}

/** A whole number with commas. */
export function count(value: number): string {
  return whole.format(value);
}

/** A share as per cent: `0 %`, `< 0.1 %`, `0.42 %`, `12.3 %`, `100 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  const digits = Math.abs(value) < 1 ? 2 : 1;
  return `${Number(value.toFixed(digits))} %`;
}

/** A share as whole per cent, for comparisons in words. */
export function roughPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Milliseconds in the unit that suits them: `231 ms`, `4.98 s`. */
export function time(ms: number): string {
  return Math.abs(ms) < 1000 ? `${figure(ms)} ms` : `${figure(ms / 1000)} s`;
}

/** A unit for all times of a chart, by their maximum. */
export interface TimeUnit {
  readonly name: 'ms' | 's';
  readonly ms: number;
}

export function timeUnit(maximumMs: number): TimeUnit {
  return maximumMs < 2000 ? { name: 'ms', ms: 1 } : { name: 's', ms: 1000 };
}

/** `2026-05-04 12:34:56 UTC`. */
export function utc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `1 parallel request`, `8 parallel requests`. */
export function parallelRequests(level: number): string {
  return `${count(level)} parallel ${level === 1 ? 'request' : 'requests'}`;
}

/** `level 4`, `levels 4, 8 and 16`; beyond `most` the rest is counted. */
export function levelList(levels: readonly number[], most = 8): string {
  const word = levels.length === 1 ? 'level' : 'levels';
  return `${word} ${wordList(levels.map(count), most)}`;
}

/** `a`, `a and b`, `a, b and c`, `a, b and 7 more`. */
export function wordList(words: readonly string[], most = 8): string {
  const shown = words.length <= most ? words : [...words.slice(0, most - 1), `${count(words.length - most + 1)} more`];
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
