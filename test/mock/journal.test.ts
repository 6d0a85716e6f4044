import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JournalEntry, memoryJournal } from '../../lib/mock/journal.ts';

const ids = (entries: readonly JournalEntry[]) => entries.map(({ requestId }) => requestId);

test('the oldest entries make room, and their number is told', () => {
  const journal = memoryJournal({ mostEntries: 3 });
  for (const id of ['a', 'b', 'c', 'd', 'e']) journal.open(id, 0);
  assert.deepEqual(ids(journal.entries()), ['c', 'd', 'e']);
  assert.equal(journal.dropped(), 2);
  assert.equal(journal.get('a'), null);
  assert.equal(journal.get('e')?.requestId, 'e');
});

test('token times are bounded over all ended entries', () => {
  const journal = memoryJournal({ mostTokenTimes: 10 });
  for (const id of ['a', 'b', 'c']) {
    const entry = journal.open(id, 0);
    entry.sendUs.push(1, 2, 3, 4);
    journal.close(entry, 'finished');
  }
  assert.deepEqual(ids(journal.entries()), ['b', 'c']);
  for (const id of ['d', 'e']) journal.open(id, 0);
  assert.deepEqual(ids(journal.entries()), ['b', 'c', 'd', 'e']);
  assert.equal(journal.dropped(), 1);
});

test('an id that came twice stands twice, and is found by its newest entry', () => {
  const journal = memoryJournal({ mostEntries: 2 });
  const [, second] = [journal.open('a', 1), journal.open('a', 2)];
  assert.equal(journal.get('a'), second);
  assert.deepEqual(ids(journal.entries()), ['a', 'a']);
  journal.open('b', 3);
  assert.equal(journal.get('a'), second);
});

test('only the first ending counts, and is told once', () => {
  const closed: string[] = [];
  const journal = memoryJournal({ onClosed: ({ requestId, ending }) => closed.push(`${requestId} ${ending}`) });
  const entry = journal.open('a', 1);
  journal.close(entry, 'finished');
  journal.close(entry, 'cancelled');
  assert.equal(entry.ending, 'finished');
  assert.deepEqual(closed, ['a finished']);
});
