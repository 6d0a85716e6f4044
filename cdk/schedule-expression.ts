interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Words that stand for numbers from `least` on. */
  readonly words: readonly string[];
  /** What else one entry may be. */
  readonly also: RegExp | null;
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const days = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** The fields of EventBridge Scheduler's cron, in their order (its user guide, "Schedule types"). */
const cronFields: readonly CronField[] = [
  { name: 'minute', least: 0, most: 59, words: [], also: null },
  { name: 'hour', least: 0, most: 23, words: [], also: null },
  {
    name: 'day of the month',
    least: 1,
    most: 31,
    words: [],
    also: /^(\?|L|LW|L-([1-9]|[12]\d|30)|([1-9]|[12]\d|3[01])W)$/,
  },
  { name: 'month', least: 1, most: 12, words: months, also: null },
  { name: 'day of the week', least: 1, most: 7, words: days, also: /^(\?|L|([1-7]|[A-Z]{3})(L|#[1-5]))$/ },
  { name: 'year', least: 1970, most: 2199, words: [], also: null },
];

const example = 'such as 0 3 * * ? * for every night at three';

/** What is wrong with a cron expression of six fields, each fault a sentence without its path. */
export function faultsOfCron(cron: string): readonly string[] {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== cronFields.length) {
    return [`must have six fields (minute, hour, day of the month, month, day of the week, year), ${example}`];
  }
  const faults = cronFields.flatMap((field, index) => faultsOfField(field, parts[index] ?? ''));
  const open = [parts[2], parts[4]].filter((part) => part === '?').length;
  if (open !== 1) faults.push(`must have ? either as day of the month or as day of the week, ${example}`);
  return faults;
}

function faultsOfField(field: CronField, part: string): string[] {
  const wrong = part.split(',').filter((entry) => !isEntry(field, entry.toUpperCase()));
  return wrong.map((entry) => {
    const words = field.words.length > 0 ? `, ${field.words[0]} to ${field.words.at(-1)}` : '';
    return `has "${entry}" as ${field.name}: take ${field.least} to ${field.most}${words}, *, ranges or steps`;
  });
}

function isEntry(field: CronField, entry: string): boolean {
  if (field.also?.test(entry)) return true;
  const [range = '', step, ...more] = entry.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberOf(field, end));
  const [first = null, last = first] = ends;
  return ends.length <= 2 && first !== null && last !== null && first <= last;
}

function numberOf({ least, most, words }: CronField, text: string): number | null {
  const word = words.indexOf(text);
  if (word >= 0) return least + word;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

const ratePattern = /^([1-9]\d{0,8}) (minute|hour|day)s?$/;

/** What is wrong with a rate, as sentences without a path. */
export function faultsOfRate(rate: string): readonly string[] {
  return ratePattern.test(rate) ? [] : ['must be a number of minutes, hours or days, such as 12 hours'];
}

/** A checked cron or rate as EventBridge Scheduler takes it. */
export function scheduleExpression(kind: 'cron' | 'rate', text: string): string {
  if (kind === 'cron') return `cron(${text.trim().split(/\s+/).join(' ').toUpperCase()})`;
  const [, count = '', unit = ''] = ratePattern.exec(text) ?? [];
  return `rate(${count} ${unit}${count === '1' ? '' : 's'})`;
}

/** Whether a time zone is one of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
