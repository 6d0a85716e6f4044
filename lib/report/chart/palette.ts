/**
 * Every colour of a report, once for light and once for dark. `muted`, `ink` and the tones are texts too: at least
 * 4.5 : 1 on paper, panel and their tints; the three lines at least 3 : 1, told apart by dash and label as well.
 */
export interface Palette {
  readonly paper: string;
  readonly panel: string;
  readonly ink: string;
  readonly muted: string;
  /** Hairlines and grids. */
  readonly rule: string;
  readonly accent: string;
  readonly accentTint: string;
  /** Lines of p95 and p99. */
  readonly second: string;
  readonly third: string;
  readonly good: string;
  readonly goodTint: string;
  readonly caution: string;
  readonly cautionTint: string;
  readonly bad: string;
  readonly badTint: string;
}

export const light: Palette = {
  paper: '#fafaf8',
  panel: '#ffffff',
  ink: '#191d21',
  muted: '#586069',
  rule: '#dfe1e4',
  accent: '#0a5ca8',
  accentTint: '#e9f2fb',
  second: '#b0480f',
  third: '#7b3c8c',
  good: '#1d6b3f',
  goodTint: '#e4f3ea',
  caution: '#835200',
  cautionTint: '#fcf1da',
  bad: '#b01e17',
  badTint: '#fcebe9',
};

export const dark: Palette = {
  paper: '#121518',
  panel: '#1a1e22',
  ink: '#e8eaed',
  muted: '#a3acb6',
  rule: '#343a41',
  accent: '#74b6f4',
  accentTint: '#15273a',
  second: '#f2a566',
  third: '#d7a3e4',
  good: '#78d09c',
  goodTint: '#15291d',
  caution: '#f0bb58',
  cautionTint: '#2d2410',
  bad: '#ff9188',
  badTint: '#371c1b',
};

/** The palette as references to variables of a style sheet, so that one drawing serves light and dark. */
export const variables: Palette = Object.fromEntries(
  Object.keys(light).map((name) => [name, `var(--${name})`]),
) as Record<keyof Palette, string>;
