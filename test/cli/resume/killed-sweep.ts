import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Point } from '../../../lib/curve/point.ts';
import { readRecords } from '../../../lib/record/read-records.ts';
import type { Report } from '../../../lib/report/report.ts';
import type { Status } from '../../../lib/sweep/status.ts';
import { paretoken, type Ran } from '../command-line.ts';
import { paretokenHere } from '../in-process.ts';

/** A sweep of a few seconds in a folder of its own. */
export interface ShortSweep {
  readonly cwd: string;
  readonly url: string;
  readonly levels: readonly number[];
}

/** Nothing, or a signal at a moment: what happens to one process of a sweep. */
export type Blow = { readonly killAfterMs: number } | { readonly stopAt: string } | null;

/** How a process of a sweep ended. */
export type Ended = 'killed' | 'stopped' | 'done';

const times = ['--warm-up', '100ms', '--measure', '600ms', '--drain', '1s', '--no-drift-check'];
const lengths = ['--input-tokens', '20', '--output-tokens', '5'];

/** Begins a sweep; a process that is killed before it has planned anything is followed by another. */
export async function beginSweep(sweep: ShortSweep, blow: Blow): Promise<Ended> {
  const what = ['--url', sweep.url, '--model', 'mock', '--levels', sweep.levels.join(',')];
  const ended = await strike(['run', ...what, ...lengths, ...times, '--id', 'short'], sweep, blow);
  if (ended !== 'killed' || (await storedNames(sweep)).some((name) => name.endsWith('plan.json'))) return ended;
  await rm(join(sweep.cwd, 'results'), { recursive: true, force: true });
  return beginSweep(sweep, null);
}

export function resumeSweep(sweep: ShortSweep, blow: Blow): Promise<Ended> {
  return strike(['run', '--resume', 'results', 'short'], sweep, blow);
}

async function strike(args: readonly string[], sweep: ShortSweep, blow: Blow): Promise<Ended> {
  const ran = await paretoken(args, { cwd: sweep.cwd, ...optionsOf(blow) });
  if (ran.code === null) return (await isConcluded(sweep)) ? 'done' : 'killed';
  if (ran.code === 130) return 'stopped';
  // 4: the machine was so busy that no level can be believed.
  assert.ok(ran.code === 0 || ran.code === 4, `exit ${ran.code}: ${ran.stderr}`);
  return 'done';
}

/** Killed when nothing was left to do but to leave. */
async function isConcluded(sweep: ShortSweep): Promise<boolean> {
  const journal = await readFile(join(sweep.cwd, 'results/sweeps/short/journal.jsonl'), 'utf8').catch(() => '');
  if (!/"name":"conclude".*\n$/.test(journal)) return false;
  return (await stored<Status>(sweep, 'sweeps/short/status.json')).ended?.reason !== 'stopped';
}

function optionsOf(blow: Blow): Partial<Parameters<typeof paretoken>[1]> {
  if (blow === null) return {};
  if ('killAfterMs' in blow) return blow;
  let sent = false;
  return {
    onOutput(text, kill) {
      if (!sent && text.includes(blow.stopAt)) kill('SIGINT');
      sent ||= text.includes(blow.stopAt);
    },
  };
}

/** What must hold of a sweep at any moment at which nobody runs it: all that was stored can be read. */
export async function assertReadable(sweep: ShortSweep): Promise<void> {
  const ids: string[] = [];
  for (const name of await storedNames(sweep)) {
    const bytes = await readFile(join(sweep.cwd, 'results', name));
    if (name.endsWith('.json')) assert.doesNotThrow(() => JSON.parse(bytes.toString()), name);
    if (!name.endsWith('.parquet')) continue;
    const { records, rowsCorrupt } = await readRecords(bytes);
    assert.equal(rowsCorrupt, 0, name);
    ids.push(...records.map(({ requestId }) => requestId));
  }
  assert.equal(new Set(ids).size, ids.length, 'no request was made twice');
}

/** Draws the report of a sweep that was cut off, and gives what it says. */
export async function reportOfCutOff(sweep: ShortSweep): Promise<Ran> {
  const { state } = await stored<Status>(sweep, 'sweeps/short/status.json');
  const ran = await paretokenHere(['report', 'results', 'short'], sweep);
  assert.equal(ran.code, 0, ran.stderr);
  const { points, ended, probe } = await stored<Report>(sweep, 'reports/short/report.json');
  const kept = await pointsOf(sweep);
  assert.ok(points.every(({ stage }) => kept.some((point) => point.stage === stage)));
  if (state === 'ended') return ran;
  assert.equal(ended?.reason, 'stopped');
  const said = ran.stdout.replaceAll(/\s+/g, ' ');
  const told = new RegExp(`${points.filter(isWhole).length} of ${sweep.levels.length} levels? (is|are) measured`);
  if (probe !== null) assert.match(said, told);
  assert.match(said, /The process that ran the sweep is gone: it was cut off (before|during|after) (the probe|level)/);
  assert.match(ran.stderr, /The rest can be measured: paretoken run --resume results short/);
  return ran;
}

/** What must hold at the end, however often the sweep was cut off: every level, and every stage that was whole, as it was. */
export async function assertFinished(sweep: ShortSweep, wholeBefore: readonly Point[]): Promise<void> {
  await assertReadable(sweep);
  const { points, ended } = await stored<Report>(sweep, 'reports/short/report.json');
  // void: so busy was the machine that a level came to nothing twice.
  assert.ok(ended?.reason === 'done' || ended?.reason === 'void', JSON.stringify(ended));
  const levels = points.map(({ level }) => level);
  assert.deepEqual(levels, ended.reason === 'done' ? sweep.levels : sweep.levels.slice(0, levels.length));
  const kept = await pointsOf(sweep);
  for (const point of wholeBefore.filter(isWhole)) {
    assert.deepEqual(
      kept.find(({ stage }) => stage === point.stage),
      point,
    );
  }
  // A level whose worker came too late on a busy machine is run again by rule: nothing was measured of it.
  const measured = kept.filter((point) => isWhole(point) && point.requests > 0);
  const told = JSON.stringify(kept.map(({ stage, level, requests, validity }) => [stage, level, requests, validity]));
  assert.equal(
    new Set(measured.map(({ level }) => level)).size,
    measured.length,
    `a level was measured twice: ${told}`,
  );
}

const isWhole = ({ validity }: Point) => validity.reasons.every(({ name }) => name !== 'interrupted');

/** What is kept of the stages of load so far. */
export async function pointsOf(sweep: ShortSweep): Promise<Point[]> {
  const names = (await storedNames(sweep)).filter((name) => name.startsWith('sweeps/short/points/'));
  const kept = await Promise.all(names.map((name) => stored<Point>(sweep, name)));
  return kept.filter(({ schema }) => schema === 'paretoken.point.v1');
}

async function stored<T>({ cwd }: ShortSweep, name: string): Promise<T> {
  return JSON.parse(await readFile(join(cwd, 'results', name), 'utf8')) as T;
}

/** Files of the results folder, by their paths; without what was being written when its process died. */
async function storedNames({ cwd }: ShortSweep): Promise<string[]> {
  const entries = await readdir(join(cwd, 'results'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.unfinished'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(cwd, 'results').length + 1));
}
