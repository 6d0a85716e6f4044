/** Where everything of a sweep rests, in the bucket as in a results folder. */

const four = (ordinal: number) => String(ordinal).padStart(4, '0');
const stageOf = (stage: number) => `stage=${four(stage)}`;
const workerOf = (worker: number) => `w${four(worker)}`;

export const sweepsPrefix = 'sweeps/';

export const specKey = (id: string) => `sweeps/${id}/spec.json`;
export const planKey = (id: string) => `sweeps/${id}/plan.json`;
export const statusKey = (id: string) => `sweeps/${id}/status.json`;
export const callbackKey = (id: string) => `sweeps/${id}/callback.json`;
export const scheduleKey = (name: string) => `schedules/${name}.json`;
export const controlKey = (id: string) => `sweeps/${id}/control.json`;
/** A file of prompts, under its own SHA-256. */
export const inputKey = (id: string, sha256: string) => `sweeps/${id}/inputs/${sha256}`;
export const journalKey = (id: string) => `sweeps/${id}/journal.jsonl`;
export const runnerKey = (id: string, life: number) => `sweeps/${id}/runners/${four(life)}.json`;
export const runnersPrefix = (id: string) => `sweeps/${id}/runners/`;
export const stageKey = (id: string, stage: number) => `sweeps/${id}/stages/${stageOf(stage)}.json`;
export const stagesPrefix = (id: string) => `sweeps/${id}/stages/`;
export const claimKey = (id: string, stage: number, worker: number) =>
  `sweeps/${id}/claims/${stageOf(stage)}/${workerOf(worker)}`;
export const claimsPrefix = (id: string, stage: number) => `sweeps/${id}/claims/${stageOf(stage)}/`;
export const progressKey = (id: string, stage: number, worker: number) =>
  `sweeps/${id}/progress/${stageOf(stage)}/${workerOf(worker)}.json`;
export const progressPrefix = (id: string, stage: number) => `sweeps/${id}/progress/${stageOf(stage)}/`;
export const receiptKey = (id: string, stage: number, worker: number) =>
  `sweeps/${id}/receipts/${stageOf(stage)}/${workerOf(worker)}.json`;
export const receiptsPrefix = (id: string, stage: number) => `sweeps/${id}/receipts/${stageOf(stage)}/`;
export const pointKey = (id: string, stage: number) => `sweeps/${id}/points/${stageOf(stage)}.json`;
export const pointsPrefix = (id: string) => `sweeps/${id}/points/`;
export const recordsKey = (id: string, stage: number, worker: number, part: number) =>
  `records/sweep=${id}/${stageOf(stage)}/${workerOf(worker)}-${part}.parquet`;
export const recordsPrefix = (id: string, stage: number) => `records/sweep=${id}/${stageOf(stage)}/`;
export const reportKey = (id: string, file: ReportFile) => `reports/${id}/${file}`;

export const reportFileNames = [
  'report.html',
  'report.json',
  'report.md',
  'curve.csv',
  'curve.svg',
  'summary.json',
] as const;

export type ReportFile = (typeof reportFileNames)[number];

/** The worker index in a key of claims, progress, receipts or records; null for any other key. */
export function workerOfKey(key: string): number | null {
  const match = /\/w(\d{4,})(?:-\d+)?(?:\.\w+)?$/.exec(key);
  return match ? Number(match[1]) : null;
}
