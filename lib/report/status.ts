import { gridOf } from '../plan/cell.ts';
import type { Ended, EndReason } from '../plan/ended.ts';
import { lostProbe, probeFailureText } from '../plan/probe-failure-text.ts';
import { speakerLabels, whoseWords } from '../plan/whose-words.ts';
import { unreachableRemedy } from './cause-texts.ts';
import { wasUnreachable } from './failures.ts';
import { count, utc } from './format.ts';
import type { Report } from './report.ts';

/** How the sweep stands: told before the answer when it is not simply done. */
export interface Status {
  /** `calm` needs no words before the answer. */
  readonly tone: 'calm' | 'running' | 'caution' | 'failed';
  /** A word or two: `done`, `running`, `probe failed`. */
  readonly label: string;
  readonly headline: string;
  /** What happened, in sentences of ours; may hold the detail of the end, which is foreign text. */
  readonly happened: readonly string[];
  /** The endpoint's or the system's own words; foreign text. */
  readonly quote: string | null;
  /** Whose words those are. */
  readonly quoted: string;
  readonly remedy: string | null;
  /** How a sweep that went well came to its end, in sentences, where that is more than having run its levels. */
  readonly remarks: readonly string[];
}

const endpointsWords = speakerLabels.endpoint;

/** The state of a sweep in plain words. */
export function statusOf(report: Report): Status {
  const { ended, probe } = report;
  if (ended === null) return running(report);
  if (ended.reason === 'probe_failed') return probeFailed(report);
  const base = endTexts[ended.reason];
  const measured = report.points.length;
  const noneValid = measured > 0 && report.points.every(({ validity }) => validity.state === 'void');
  const calm = base.tone === 'calm' && measured > 0 && !noneValid;
  const answerless = base.tone === 'calm' && !calm;
  return {
    ...base,
    ...(answerless ? { tone: 'failed', label: 'no answer', headline: noAnswerHeadline(measured) } : null),
    happened: [
      ...(ended.detail === null ? [] : [ended.detail]),
      ...(noneValid && !answerless ? ['No level gave figures that can be believed.'] : []),
      ...(probe === null || calm ? [] : [levelsMeasured(report)]),
    ],
    quote: null,
    quoted: endpointsWords,
    remarks: calm ? remarksOf(ended) : [],
    remedy: endedUnreachable(report)
      ? unreachableRemedy
      : (base.remedy ?? (calm ? null : 'Mend what the reasons and messages name, and run the sweep again.')),
  };
}

/** The level that ended the sweep by its errors was of an endpoint that nobody could reach. */
function endedUnreachable({ ended, points }: Report): boolean {
  const last = points.toSorted((a, b) => a.stage - b.stage).at(-1);
  return ended?.reason === 'error_rate' && last !== undefined && wasUnreachable(last);
}

/** `done` says nothing by itself; of a search its detail is what was found. */
function remarksOf({ reason, detail }: Ended): readonly string[] {
  if (reason === 'probe_failed') return [];
  return [reason === 'done' ? null : endTexts[reason].headline, detail].filter((part) => part !== null);
}

function noAnswerHeadline(measured: number): string {
  return measured === 0 ? 'The sweep ended without a measurement.' : 'No level could be measured reliably.';
}

function running(report: Report): Status {
  return {
    tone: 'running',
    label: 'running',
    headline: 'The sweep is still running.',
    happened: [
      `${levelsMeasured(report)} As of ${utc(report.updatedAtEpochMs)}; figures and answers may change as levels are added.`,
    ],
    quote: null,
    quoted: endpointsWords,
    remedy: null,
    remarks: [],
  };
}

function probeFailed({ probe, ended, spec }: Report): Status {
  const text = probe === null ? lostProbe : probeFailureText(probe, spec.target);
  const failure = probe?.failure ?? null;
  return {
    tone: 'failed',
    label: 'probe failed',
    headline: 'The endpoint could not be measured.',
    happened: [probe === null && ended?.detail ? ended.detail : text.happened, 'No load was sent.'],
    quote: failure?.message || null,
    quoted: failure === null ? endpointsWords : speakerLabels[whoseWords(failure, probe?.httpStatus ?? null)],
    remedy: text.remedy === '' ? null : text.remedy,
    remarks: [],
  };
}

/** `3 of 7 levels are measured.` One that was interrupted is not. */
function levelsMeasured(report: Report): string {
  const asked = report.spec.load.levels.length * gridOf(report.spec.workload).length;
  const whole = report.points.filter(({ validity }) => validity.reasons.every(({ name }) => name !== 'interrupted'));
  const measured = whole.length;
  // A search does not know beforehand how many levels it takes.
  if (asked === 0) return `${count(measured)} ${measured === 1 ? 'level is' : 'levels are'} measured.`;
  return `${count(measured)} of ${count(asked)} ${asked === 1 ? 'level' : 'levels'} ${measured === 1 || asked === 1 ? 'is' : 'are'} measured.`;
}

type EndText = Pick<Status, 'tone' | 'label' | 'headline' | 'remedy'>;

const endTexts: Readonly<Record<Exclude<EndReason, 'probe_failed'>, EndText>> = {
  done: { tone: 'calm', label: 'done', headline: 'Every level was measured.', remedy: null },
  plateau: {
    tone: 'calm',
    label: 'done at the plateau',
    headline: 'The sweep ended at the plateau: more parallel requests no longer bring more throughput.',
    remedy: null,
  },
  slo: {
    tone: 'calm',
    label: 'done at the objective',
    headline: 'The sweep ended where the objective was missed.',
    remedy: null,
  },
  error_rate: {
    tone: 'failed',
    label: 'ended by errors',
    headline: 'The sweep ended early: too many requests failed.',
    remedy: 'Read the endpoint’s messages; lower the levels, or raise the endpoint’s limits.',
  },
  void: {
    tone: 'failed',
    label: 'ended void',
    headline: 'The sweep ended early: its measurements could not be believed.',
    remedy: 'Follow the advice given for each reason, then run the sweep again.',
  },
  budget: {
    tone: 'caution',
    label: 'budget used up',
    headline: 'The sweep ended early: its budget was used up.',
    remedy: 'Ask for fewer levels or shorter windows, or raise the budget.',
  },
  stopped: {
    tone: 'caution',
    label: 'stopped',
    headline: 'The sweep was stopped before its end.',
    remedy: 'Levels measured until then stand. Run the sweep again for the rest.',
  },
  failed: {
    tone: 'failed',
    label: 'failed',
    headline: 'The sweep failed for a fault of its own, not the endpoint’s.',
    remedy: 'Levels measured until then stand. If it happens again, please report it with the words above.',
  },
};
