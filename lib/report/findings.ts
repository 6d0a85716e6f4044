import type { Note, Point, Reason } from '../curve/point.ts';
import type { ReasonName } from '../curve/validity.ts';
import type { ValidityState } from '../plan/verdict.ts';
import { reasonText } from './cause-texts.ts';
import type { CellView } from './cells.ts';
import { wasUnreachable } from './failures.ts';
import { count, figure, levelList, percent, wordList } from './format.ts';
import type { ReasonText } from './reason-texts.ts';

/** A reason of validity, by its cause, with every level where it holds. */
export interface Finding {
  readonly name: ReasonName;
  /** What it is called, what it means there, and what to do about it. */
  readonly text: ReasonText;
  readonly state: Exclude<ValidityState, 'ok'>;
  readonly places: readonly { readonly level: number; readonly reason: Reason }[];
}

/** The reasons of all points, those of one cause and one remedy together, void ones first, then by how many levels they touch. */
export function findingsOf(points: readonly Point[]): readonly Finding[] {
  const places = points.flatMap((point) => {
    const unreachable = wasUnreachable(point);
    return point.validity.reasons.map((reason) => ({
      level: point.level,
      reason,
      text: reasonText(reason, { unreachable }),
    }));
  });
  const groups = Map.groupBy(places, ({ reason, text }) => `${reason.name} ${reason.cause} ${text.remedy}`);
  const findings = [...groups.values()].flatMap((of): Finding[] => {
    const [first] = of;
    if (first === undefined) return [];
    const state = of.some(({ reason }) => reason.state === 'void') ? 'void' : 'suspect';
    return [{ name: first.reason.name, text: first.text, state, places: of }];
  });
  return findings.toSorted((a, b) => rank(a) - rank(b) || b.places.length - a.places.length);
}

const rank = ({ state }: Finding) => (state === 'void' ? 0 : 1);

/** `5 of 7 levels can be believed, 1 is suspect, 1 is void.` */
export function validitySentence(points: readonly Point[]): string {
  const of = (state: ValidityState) => points.filter(({ validity }) => validity.state === state).length;
  const [ok, suspect, voided] = [of('ok'), of('suspect'), of('void')];
  if (points.length === 0) return 'No level was measured.';
  if (ok === points.length) return ok === 1 ? 'The level can be believed.' : `All ${count(ok)} levels can be believed.`;
  if (points.length === 1) return `The level is ${suspect === 1 ? 'suspect' : 'void'}.`;
  const is = (many: number) => (many === 1 ? 'is' : 'are');
  const parts = [
    `${count(ok)} of ${count(points.length)} levels can be believed`,
    suspect > 0 ? `${count(suspect)} ${is(suspect)} suspect` : null,
    voided > 0 ? `${count(voided)} ${is(voided)} void` : null,
  ];
  return `${parts.filter((part) => part !== null).join(', ')}.`;
}

/** Remarks that leave validity alone, the same ones of several levels together. */
export function notesOf(
  points: readonly Point[],
): readonly { readonly note: Note; readonly levels: readonly number[] }[] {
  const found = new Map<string, { note: Note; levels: number[] }>();
  for (const { level, notes } of points) {
    for (const note of notes) {
      const key = `${note.name} ${note.count}`;
      const entry = found.get(key) ?? { note, levels: [] };
      entry.levels.push(level);
      found.set(key, entry);
    }
  }
  return [...found.values()];
}

/** How the client itself fared at its worst over all levels; what was not measured is left out. Null without points. */
export function clientSentence(points: readonly Point[]): string | null {
  if (points.length === 0) return null;
  const worst = (of: (point: Point) => number | null) => {
    const values = points.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : Math.max(...values);
  };
  const delay = worst(({ client }) => client.eventLoopDelayP99Ms);
  const cpu = worst(({ client }) => client.cpuShare);
  const lag = worst(({ client }) => client.sendLagP99Ms);
  const lost = points.filter(({ client }) => client.workersLost.length > 0).map(({ level }) => level);
  const late = points.filter(({ client }) => client.workersLate.length > 0).map(({ level }) => level);
  const parts = [
    delay === null ? null : `its event loop ran ${figure(delay)} ms late (p99)`,
    cpu === null ? null : `its measuring thread was busy for ${percent(cpu)} of the time`,
    lag === null ? null : `requests left ${figure(lag)} ms after they were due (p99)`,
  ].filter((part) => part !== null);
  const workers = [
    lost.length === 0 ? null : `Workers were lost at ${levelList(lost)}.`,
    late.length === 0 ? null : `Workers came late at ${levelList(late)}.`,
  ].filter((part) => part !== null);
  const health = parts.length === 0 ? 'The client’s own health was not measured.' : `At worst, ${wordList(parts)}.`;
  return [health, ...workers].join(' ');
}

/** What became of the first level, run again at the end; null before the first level is over. */
export function driftText({ curve, running }: CellView): string | null {
  if (curve === null) return null;
  if (curve.drift !== 'not_checked' || !running) return driftTexts[curve.drift];
  return 'Whether the endpoint changes during the sweep is not known yet.';
}

const driftTexts = {
  none: 'The first level was run again at the end and came out the same.',
  drifted: 'The first level was run again at the end and came out different: the endpoint changed during the sweep.',
  not_checked:
    'The first level was not run again at the end, so a change of the endpoint during the sweep would not show.',
  unknown:
    'Whether the endpoint changed during the sweep can’t be told: the first level was run again at the end, but one of the two runs is void, or lacks a figure or an interval to compare.',
} as const;
