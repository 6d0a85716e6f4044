import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';
import { parseScheduleFile, type ScheduledSweep } from './schedule-file.ts';

const extensions = ['.yaml', '.yml', '.json'];

/**
 * The schedules of a folder, one a file, named as the files are; Markdown and files that begin with a dot are passed
 * over.
 * @throws ConfigurationError with every fault of every file
 */
export function readSchedulesFolder(folder: string): readonly ScheduledSweep[] {
  const read = filesIn(folder).map((file) => {
    const schedule = readFile(folder, file);
    if (!Array.isArray(schedule)) return { schedule: schedule as ScheduledSweep, faults: [] };
    return { schedule: null, faults: schedule.map((fault) => `${join(folder, file)}: ${fault}`) };
  });
  const names = read.flatMap(({ schedule }) => schedule?.name ?? []);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const faults = [
    ...read.flatMap((one) => one.faults),
    ...twice.map((name) => `${folder}: holds two schedules with the name ${name}`),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
  return read.flatMap(({ schedule }) => schedule ?? []);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => !file.startsWith('.') && extname(file) !== '.md')
      .sort();
  } catch {
    throw new ConfigurationError([`${folder}: is no folder that can be read; schedules are the files of a folder`]);
  }
}

function readFile(folder: string, file: string): ScheduledSweep | readonly string[] {
  const extension = extname(file);
  const name = file.slice(0, file.length - extension.length);
  const faults: string[] = [];
  if (!extensions.includes(extension)) return ['is no schedule: schedules are files that end in .yaml, .yml or .json'];
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(name))
    faults.push('has a name that is no schedule’s: at most 40 letters, digits, - and _');
  const parsed = parseScheduleFile(name, readFileSync(join(folder, file), 'utf8'));
  return faults.length > 0 || Array.isArray(parsed) ? [...faults, ...(Array.isArray(parsed) ? parsed : [])] : parsed;
}
