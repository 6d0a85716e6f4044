import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Reason } from '../../lib/curve/point.ts';
import { reasonNames } from '../../lib/curve/validity.ts';
import { cellOf } from '../../lib/plan/cell.ts';
import { causeTexts, reasonText } from '../../lib/report/cause-texts.ts';
import { cellsOf } from '../../lib/report/cells.ts';
import { driftText, findingsOf, validitySentence } from '../../lib/report/findings.ts';
import { noteText } from '../../lib/report/note-texts.ts';
import { reasonTexts } from '../../lib/report/reason-texts.ts';
import type { Report } from '../../lib/report/report.ts';
import { curveOf, judged, sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

const { points } = sampleReport();
const withReasons = (reasons: readonly (readonly Omit<Reason, 'measured' | 'limit'>[])[]) =>
  points.map((point, place) =>
    judged(
      point,
      'suspect',
      (reasons[place] ?? []).map((reason) => ({ ...reason, measured: 0.03, limit: 0.01 })),
    ),
  );

describe('findings', () => {
  it('put the levels of one reason and cause together, and tell other causes apart', () => {
    const unknown = { name: 'tokens_unknown', state: 'suspect' } as const;
    const found = findingsOf(
      withReasons([
        [{ ...unknown, cause: 'broken_off' }],
        [{ ...unknown, cause: 'not_counted' }],
        [{ ...unknown, cause: 'broken_off', state: 'void' }],
      ]),
    );
    assert.deepEqual(
      found.map(({ name, state, places }) => [name, state, places.map(({ level }) => level)]),
      [
        ['tokens_unknown', 'void', [1, 4]],
        ['tokens_unknown', 'suspect', [2]],
      ],
    );
    assert.match(found[0]?.text.meaning ?? '', /cut or broke off before their count/);
    assert.match(found[1]?.text.remedy ?? '', /send usage in the stream/);
  });

  it('have the words of the reason where the cause is not known', () => {
    for (const name of reasonNames) assert.deepEqual(reasonText({ name, cause: null }), reasonTexts[name]);
  });

  it('keep the title and the unit of a reason whatever its cause', () => {
    for (const name of reasonNames) {
      for (const cause of Object.keys(causeTexts[name] ?? {}) as NonNullable<Reason['cause']>[]) {
        const text = reasonText({ name, cause });
        assert.deepEqual([text.title, text.unit], [reasonTexts[name].title, reasonTexts[name].unit]);
        assert.notEqual(text.meaning, reasonTexts[name].meaning);
      }
    }
  });

  it('do not send the reader to the endpoint for what the drain or a stop did', () => {
    const blamed = [
      reasonText({ name: 'errors', cause: 'cut_at_drain' }),
      reasonText({ name: 'cut_at_drain', cause: 'stopped' }),
      reasonText({ name: 'interrupted', cause: 'control_unreadable' }),
      reasonText({ name: 'few_samples', cause: 'records_missing' }),
    ];
    for (const { remedy } of blamed) assert.doesNotMatch(remedy, /endpoint/);
  });

  it('send the reader to the machine, not to messages, where no connection could be made', () => {
    const [first, second] = points;
    assert.ok(first && second);
    const errors = { name: 'errors', state: 'void', measured: 1, limit: 0.5, cause: null } as const;
    const paused = { ...errors, name: 'load_not_held', cause: 'pauses' } as const;
    const down = { ...judged(first, 'void', [errors, paused]), ok: 0, errors: { connect_error: 40, cancelled: 1 } };
    const busy = { ...judged(second, 'void', [errors]), ok: 3, errors: { connect_error: 40 } };
    const found = findingsOf([down, busy]);
    assert.deepEqual(
      found.map(({ name, places, text }) => [
        name,
        places.map(({ level }) => level),
        /reached from here/.test(text.remedy),
      ]),
      [
        ['errors', [1], true],
        ['load_not_held', [1], true],
        ['errors', [2], false],
      ],
    );
    assert.match(found[2]?.text.remedy ?? '', /lower the levels/);
  });
});

it('what the client itself is to blame for names the check of the machine', () => {
  for (const name of ['event_loop_delay', 'cpu', 'send_lag'] as const)
    assert.match(reasonText({ name, cause: null }).remedy, /paretoken doctor/);
});

describe('the sentence on validity', () => {
  it('does not count a single level', () => {
    const sentenceOf = (state: 'ok' | 'suspect' | 'void') =>
      validitySentence(points.slice(0, 1).map((point) => judged(point, state, [])));
    assert.deepEqual(
      [sentenceOf('ok'), sentenceOf('suspect'), sentenceOf('void')],
      ['The level can be believed.', 'The level is suspect.', 'The level is void.'],
    );
  });
});

describe('what became of the first level', () => {
  const told = (report: Report) => {
    const [view] = cellsOf(report);
    return view ? driftText(view) : null;
  };
  const drift = (of: 'unknown' | 'not_checked', running: boolean): Report => {
    const report = sampleReport();
    const curve = { ...curveOf(report.points, cellOf(report.spec.workload)), drift: of };
    return { ...report, curves: [curve], ended: running ? null : report.ended };
  };

  it('is not known yet while the sweep runs', () => {
    assert.match(told(drift('not_checked', true)) ?? '', /not known yet/);
    assert.match(told(drift('not_checked', false)) ?? '', /was not run again/);
  });

  it('was run again, though nothing can be told from it', () => {
    assert.match(told(drift('unknown', false)) ?? '', /was run again at the end, but one of the two runs is void/);
  });

  it('is nothing before the first level is over', () => {
    assert.equal(told(variants['just-started']?.() ?? sampleReport()), null);
  });
});

describe('remarks', () => {
  it('count in words', () => {
    const of = (count: number) => noteText({ name: 'rows_corrupt', count });
    assert.match(of(1), /^One record made no sense .* and is left out\.$/);
    assert.match(of(3), /^3 records made no sense .* and are left out\.$/);
    assert.match(noteText({ name: 'receipts_missing', count: 1 }), /^One worker left no receipt/);
  });

  it('say of a short window that no interval at all is given', () => {
    assert.match(noteText({ name: 'window_short', count: null }), /so no intervals are given\.$/);
  });
});
