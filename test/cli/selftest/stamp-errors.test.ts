import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Compared, errorSpread, stampErrors } from '../../../lib/cli/selftest/stamp-errors.ts';
import { request } from '../../record/request.ts';

/** Sent 1 s after the start; tokens at 1.2 s and then as the gaps say. The stage started at 7 s of the clock. */
const startsUs = 7_000_000;
const seen = (values: Parameters<typeof request>[0]) =>
  request({ sentUs: 1_000_000, firstTokenUs: 1_200_000, ...values });

const cases: readonly { why: string; compared: Omit<Compared, 'startsUs'>; tokenUs: number[]; ttftUs: number[] }[] = [
  {
    why: 'each token against its own send: the first stamp, then the sum of the gaps',
    compared: {
      records: [seen({ requestId: 'a', tokenEvents: 3, tokenGapsUs: [20_000, 30_000] })],
      journal: [{ requestId: 'a', arrivalUs: 8_000_100, sendUs: [8_199_900, 8_219_600, 8_249_950] }],
    },
    tokenUs: [50, 100, 400],
    ttftUs: [200_000 - 199_800],
  },
  {
    why: 'tokens of one read share a stamp; the earlier one was late by more',
    compared: {
      records: [seen({ requestId: 'a', tokenEvents: 2, tokenGapsUs: [0] })],
      journal: [{ requestId: 'a', arrivalUs: 8_000_000, sendUs: [8_180_000, 8_199_000] }],
    },
    tokenUs: [1000, 20_000],
    ttftUs: [20_000],
  },
  {
    why: 'a stamp before the send is kept as it is: below 0',
    compared: {
      records: [seen({ requestId: 'a', tokenEvents: 1, tokenGapsUs: [] })],
      journal: [{ requestId: 'a', arrivalUs: 8_000_000, sendUs: [8_200_007] }],
    },
    tokenUs: [-7],
    ttftUs: [-7],
  },
  {
    why: 'requests are matched by their id, whatever their order',
    compared: {
      records: ['b', 'a'].map((requestId) => seen({ requestId, tokenEvents: 1, tokenGapsUs: [] })),
      journal: [
        { requestId: 'a', arrivalUs: 8_000_000, sendUs: [8_199_999] },
        { requestId: 'b', arrivalUs: 8_000_000, sendUs: [8_199_998] },
      ],
    },
    tokenUs: [1, 2],
    ttftUs: [1, 2],
  },
];

describe('a stamp’s error is the stamp less the time of the mock’s send', () => {
  for (const { why, compared, tokenUs, ttftUs } of cases) {
    test(why, () => {
      const errors = stampErrors({ startsUs, ...compared });
      assert.deepEqual([[...errors.tokenUs], [...errors.ttftUs], errors.unmatched], [tokenUs, ttftUs, 0]);
    });
  }
});

describe('an answer that cannot be compared counts as unmatched, and none of its tokens does', () => {
  const sent = { arrivalUs: 8_000_000, sendUs: [8_199_000, 8_219_000] };
  const unmatched = [
    { why: 'the journal does not have it', record: seen({ requestId: 'z', tokenEvents: 2, tokenGapsUs: [1] }) },
    { why: 'the journal has more tokens', record: seen({ requestId: 'a', tokenEvents: 1, tokenGapsUs: [] }) },
    { why: 'it has no first token', record: seen({ requestId: 'a', tokenEvents: 2, firstTokenUs: null }) },
    { why: 'it was never sent', record: seen({ requestId: 'a', tokenEvents: 2, sentUs: null, tokenGapsUs: [1] }) },
  ];
  for (const { why, record } of unmatched) {
    test(why, () => {
      const errors = stampErrors({ startsUs, records: [record], journal: [{ requestId: 'a', ...sent }] });
      assert.deepEqual([errors.tokenUs.length, errors.ttftUs.length, errors.unmatched], [0, 0, 1]);
    });
  }
});

describe('the spread of errors: R-7 percentiles in milliseconds, null below 5 ÷ (1 − p) samples', () => {
  const rising = (count: number) => Float64Array.from({ length: count }, (_, index) => index * 1000);
  const spreads = [
    { count: 0, p50: null, p99: null, p999: null, least: null, most: null },
    { count: 9, p50: null, p99: null, p999: null, least: 0, most: 8 },
    { count: 10, p50: 4.5, p99: null, p999: null, least: 0, most: 9 },
    { count: 499, p50: 249, p99: null, p999: null, least: 0, most: 498 },
    { count: 501, p50: 250, p99: 495, p999: null, least: 0, most: 500 },
    { count: 5001, p50: 2500, p99: 4950, p999: 4995, least: 0, most: 5000 },
  ];
  for (const { count, ...expected } of spreads) {
    test(`of ${count} samples`, () => assert.deepEqual(errorSpread(rising(count)), { samples: count, ...expected }));
  }
});
