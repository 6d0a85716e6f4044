import type { Reason } from '../curve/point.ts';
import type { ReasonCause, ReasonName } from '../curve/validity.ts';
import { type ReasonText, reasonTexts } from './reason-texts.ts';

type CauseText = Pick<ReasonText, 'meaning' | 'remedy'>;

const again = 'Run the level again.';
const readMessages = reasonTexts.errors.remedy;
const mendAndRunAgain = 'Read the endpoint’s messages, mend what they name, and run the level again.';
const findWorkers = 'See why workers were missing, and run the level again.';

/** What a reason means, and what to do about it, where its cause is known. */
export const causeTexts: Readonly<
  Partial<Record<ReasonName, Readonly<Partial<Record<ReasonCause, Readonly<CauseText>>>>>>
> = {
  load_not_held: {
    interrupted: { meaning: 'Sending ended before the window did; the rest of it had no load.', remedy: again },
    streams_missing: {
      meaning: 'Workers were missing, and their streams with them: the point belongs to a lower level.',
      remedy: findWorkers,
    },
    pauses: {
      meaning: 'Streams paused after failed requests: the point belongs to a lower level.',
      remedy: readMessages,
    },
  },
  emptied: {
    interrupted: { meaning: 'Sending ended before the window did, and the last answers were few.', remedy: again },
    streams_missing: {
      meaning: 'Workers were missing: for this share of the requests’ time, under 95 % of the level was in flight.',
      remedy: findWorkers,
    },
    pauses: {
      meaning:
        'Streams paused after failed requests: for this share of the requests’ time, under 95 % of the level was in flight.',
      remedy: readMessages,
    },
  },
  cut_at_drain: {
    stopped: {
      meaning:
        'The sweep was stopped while the last answers drained. Long answers are the ones that are cut, so percentiles look too good.',
      remedy: 'Run the level again, and let it drain.',
    },
  },
  few_samples: {
    interrupted: { meaning: 'Sending ended before the window did, so few requests fell into it.', remedy: again },
    streams_missing: { meaning: 'Most workers were missing, so few requests were sent.', remedy: findWorkers },
    pauses: {
      meaning: 'Streams paused after failed requests for most of the window, so few were sent.',
      remedy: readMessages,
    },
    records_missing: {
      meaning: 'Records are missing, and those that are left say little.',
      remedy: 'Check that the results can be written and read, then run the level again.',
    },
    counted: {
      meaning: 'So few requests were counted that their percentiles say little.',
      remedy: 'Raise stage.measure.requestsPerStream.',
    },
  },
  errors: {
    cut_at_drain: {
      meaning: 'All of them are answers that were cut when the time to drain was over.',
      remedy: 'Raise stage.drain above the longest latency.',
    },
  },
  tokens_unknown: {
    not_counted: {
      meaning: 'The endpoint gave no count for these answers. They are left out, so throughput is a lower bound.',
      remedy: 'Have the endpoint send usage in the stream (stream_options.include_usage).',
    },
    broken_off: {
      meaning:
        'These answers were cut or broke off before their count, which comes last. They are left out, so throughput is a lower bound.',
      remedy: 'Mend what broke them off: see the errors at the same level.',
    },
  },
  interrupted: {
    stopped: { meaning: 'The sweep was stopped before the window was over.', remedy: again },
    gave_up: {
      meaning: 'Every stream gave up, after twenty failures in a row.',
      remedy: mendAndRunAgain,
    },
    budget: {
      meaning: 'The budget was used up before the window was over.',
      remedy: 'Raise the budget, or ask for fewer levels or shorter windows; then run the level again.',
    },
    cut_off: {
      meaning: 'The sweep itself was cut off during the level: its process ended, or the machine did.',
      remedy: 'Nothing needs to be done if the level ran again when the sweep was taken up; else run it again.',
    },
    control_unreadable: {
      meaning: 'Workers that could not read whether they should go on stopped sending, as they must.',
      remedy: 'Check that workers can read from the store all the time, then run the level again.',
    },
  },
};

/** What to do where no connection could be made at all: there are no messages of the endpoint's, and no limit of its. */
export const unreachableRemedy = 'See that the endpoint runs and can be reached from here, and run the sweep again.';

/** What an endpoint is to blame for that answers. */
const ofItsMessages: readonly string[] = [readMessages, mendAndRunAgain];

/**
 * The words for a reason, by its cause where that is known.
 * @param unreachable at its level no connection could be made
 */
export function reasonText(
  { name, cause }: Pick<Reason, 'name' | 'cause'>,
  { unreachable }: { readonly unreachable: boolean } = { unreachable: false },
): ReasonText {
  const text = { ...reasonTexts[name], ...(cause === null ? null : causeTexts[name]?.[cause]) };
  return unreachable && ofItsMessages.includes(text.remedy) ? { ...text, remedy: unreachableRemedy } : text;
}
