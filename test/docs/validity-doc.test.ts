import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ReasonName,
  reasonCauses,
  reasonNames,
  type ValidityFacts,
  validityOf,
} from '../../lib/curve/validity.ts';
import type { ValidityState } from '../../lib/plan/verdict.ts';
import { causeTexts } from '../../lib/report/cause-texts.ts';
import { reasonTexts } from '../../lib/report/reason-texts.ts';
import { doc, section, table } from './markdown.ts';

const healthy: ValidityFacts = {
  level: 8,
  counted: false,
  ofNotebook: false,
  p50LatencyMs: 1e9,
  p50TpotMs: null,
  eventLoopDelayP99Ms: 0,
  cpuShare: 0,
  sendLagP99Ms: 0,
  streamsMissingShare: 0,
  loadHeld: 1,
  emptiedShare: 0,
  pausedShare: 0,
  coldShare: 0,
  serverCloses: false,
  clockStepMs: 0,
  recordsMissingShare: 0,
  cutAtDrainShare: 0,
  stoppedInDrain: false,
  samples: 1e6,
  errorShare: 0,
  onlyCutFailed: false,
  driftWithin: 0,
  lengthsMissedShare: 0,
  tokensUnknownShare: 0,
  tokensUnknownOkShare: null,
  interruption: null,
  controlUnreadable: false,
};

type Measure = { readonly fact: keyof ValidityFacts; readonly worst: number };

/** What each reason is judged by, and a value of it as bad as can be. */
const measures: Readonly<Record<Exclude<ReasonName, 'interrupted' | 'control_unreadable'>, Measure>> = {
  event_loop_delay: { fact: 'eventLoopDelayP99Ms', worst: 1e9 },
  cpu: { fact: 'cpuShare', worst: 1 },
  send_lag: { fact: 'sendLagP99Ms', worst: 1e9 },
  streams_missing: { fact: 'streamsMissingShare', worst: 1 },
  load_not_held: { fact: 'loadHeld', worst: 0 },
  emptied: { fact: 'emptiedShare', worst: 1 },
  cold_connections: { fact: 'coldShare', worst: 1 },
  clock_step: { fact: 'clockStepMs', worst: 1e9 },
  records_missing: { fact: 'recordsMissingShare', worst: 1 },
  cut_at_drain: { fact: 'cutAtDrainShare', worst: 1 },
  few_samples: { fact: 'samples', worst: 0 },
  errors: { fact: 'errorShare', worst: 1 },
  drifting: { fact: 'driftWithin', worst: 1 },
  lengths_missed: { fact: 'lengthsMissedShare', worst: 1 },
  tokens_unknown: { fact: 'tokensUnknownShare', worst: 1 },
};

/** Where a fact that grows worse first makes a point so bad, by halving; null when it never does. */
function limitOf(name: ReasonName, { fact, worst }: Measure, states: readonly ValidityState[], base: ValidityFacts) {
  const isSo = (value: number) => {
    const reason = validityOf({ ...base, [fact]: value }).reasons.find((one) => one.name === name);
    return states.includes(reason?.state ?? 'ok');
  };
  if (!isSo(worst)) return null;
  let [good, bad] = [Number(base[fact]), worst];
  for (let step = 0; step < 100; step++) {
    const middle = (good + bad) / 2;
    if (isSo(middle)) bad = middle;
    else good = middle;
  }
  return Number(good.toPrecision(9)) < 1e-12 ? 0 : Number(good.toPrecision(9));
}

function limitText(name: ReasonName, measure: Measure, states: readonly ValidityState[], base = healthy): string {
  const limit = limitOf(name, measure, states, base);
  if (limit === null) return 'never';
  const sign = measure.worst < Number(healthy[measure.fact]) ? '<' : '>';
  const { unit } = reasonTexts[name];
  if (unit === 'share') return `${sign} ${limit * 100} %`;
  return unit === 'ms' ? `${sign} ${limit} ms` : `${sign} ${limit}`;
}

const page = doc('validity.md');
const rows = table(page, 'reason').map(([reason = '', suspect = '', voided = '']) => ({
  name: /`(\w+)`/.exec(reason)?.[1],
  suspect,
  voided,
}));

describe('docs/validity.md', () => {
  it('has a row in the table and a section for every reason, and for no other', () => {
    assert.deepEqual(
      rows.map(({ name }) => name),
      [...reasonNames],
    );
    const headings = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name);
    assert.deepEqual(headings.sort(), [...reasonNames].sort());
  });

  const beyond: Partial<Record<ReasonName, { suspect?: string; voided?: string }>> = {
    event_loop_delay: { suspect: ' and > 5 % of the p50 TPOT' },
    send_lag: { voided: '> 10 ms and > 10 % of the p50 latency' },
  };
  for (const [name, measure] of Object.entries(measures) as [keyof typeof measures, Measure][]) {
    it(`tells the limits of ${name} that the code has`, () => {
      const row = rows.find((one) => one.name === name);
      const suspect = limitText(name, measure, ['suspect', 'void']) + (beyond[name]?.suspect ?? '');
      assert.equal(row?.suspect, suspect);
      assert.equal(row?.voided, beyond[name]?.voided ?? limitText(name, measure, ['void']));
    });
  }

  it('tells the limits that go with TPOT and latency, and when cold connections are never void', () => {
    const { event_loop_delay, send_lag, cold_connections } = measures;
    const slowTokens = { ...healthy, p50TpotMs: 1000 };
    assert.equal(limitText('event_loop_delay', event_loop_delay, ['suspect', 'void'], slowTokens), '> 50 ms');
    assert.equal(limitText('send_lag', send_lag, ['void'], { ...healthy, p50LatencyMs: 1000 }), '> 100 ms');
    assert.equal(limitText('send_lag', send_lag, ['void'], { ...healthy, p50LatencyMs: 50 }), '> 10 ms');
    assert.equal(
      limitText('cold_connections', cold_connections, ['void'], { ...healthy, serverCloses: true }),
      'never',
    );
    assert.match(section(page, '### `cold_connections`'), /Never void when \(nearly\) every\s+request opened its own/);
  });

  it('tells what is not judged of a level with missing records or an early end', () => {
    const names = (facts: Partial<ValidityFacts>) =>
      validityOf({ ...healthy, emptiedShare: 1, driftWithin: 1, ...facts }).reasons.map(({ name }) => name);
    assert.deepEqual(names({ recordsMissingShare: 0.01 }), ['emptied', 'drifting']);
    assert.deepEqual(names({ recordsMissingShare: 0.01, emptiedShare: 0.13 }), ['drifting']);
    assert.deepEqual(names({ recordsMissingShare: 0.01, emptiedShare: 0.13, level: 7 }), ['emptied', 'drifting']);
    assert.deepEqual(names({ recordsMissingShare: 0.01, emptiedShare: 0.251, level: 300 }), ['emptied', 'drifting']);
    assert.match(section(page, '### `emptied`'), /records missing × the\s+level \(× 20 above it\) is taken off/);
    assert.deepEqual(names({ recordsMissingShare: 0.011 }), ['records_missing']);
    assert.deepEqual(names({ interruption: 'stopped' }), ['emptied', 'interrupted']);
    assert.match(page, /nor are `emptied` and `drifting` where\s+more than 1 % of the records are missing/);
    assert.match(page, /nor `drifting` of an interrupted level/);
  });

  const always = { interrupted: { interruption: 'gave_up' }, control_unreadable: { controlUnreadable: true } } as const;
  for (const [name, fact] of Object.entries(always)) {
    it(`tells that ${name} always voids`, () => {
      const { reasons } = validityOf({ ...healthy, ...fact });
      assert.deepEqual(
        reasons.map(({ state }) => state),
        ['void'],
      );
      assert.deepEqual(
        rows.find((row) => row.name === name),
        { name, suspect: 'never', voided: 'always' },
      );
    });
  }

  for (const name of reasonNames) {
    it(`agrees with what the report says of ${name}: its title and the keys of its remedy`, () => {
      const { title, remedy } = reasonTexts[name];
      const told = section(page, `### \`${name}\``).trimStart();
      assert.ok(told.startsWith(title), `the section of ${name} should begin: ${title}`);
      for (const [key] of remedy.matchAll(/\b(stage|fleet|load|target|stream_options)\.\w+/g)) {
        assert.ok(told.includes(`\`${key}\``), `the section of ${name} should name ${key}, as the remedy does`);
      }
    });
  }

  it('lists every cause for which the report has words of its own, with the reasons that have it, and no other', () => {
    const listed: string[] = [];
    let reasons: string[] = [];
    for (const [reason = '', cause = ''] of table(section(page, '## Causes'), 'reason')) {
      if (reason !== '') reasons = [...reason.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
      listed.push(...reasons.map((name) => `${name} ${cause.replaceAll('`', '')}`));
    }
    const worded = Object.entries(causeTexts).flatMap(([name, of]) =>
      Object.keys(of).map((cause) => `${name} ${cause}`),
    );
    assert.deepEqual(listed.sort(), worded.sort());
    assert.deepEqual([...new Set(worded.map((pair) => pair.split(' ')[1] ?? ''))].sort(), [...reasonCauses].sort());
  });

  for (const [name, of] of Object.entries(causeTexts)) {
    it(`names the keys of every remedy for ${name}`, () => {
      const told = section(page, `### \`${name}\``);
      for (const { remedy } of Object.values(of))
        for (const [key] of remedy.matchAll(/\b(stage|fleet|load|target|stream_options)(\.\w+)+/g))
          assert.ok(told.includes(`\`${key}\``), `the section of ${name} should name ${key}`);
    });
  }
});
