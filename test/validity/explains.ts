import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportKey } from '../../lib/store/key-layout.ts';
import { type Explained, type Troubled, troubledSweep } from './troubled-sweep.ts';

export interface Case {
  readonly cause: string;
  /** All reasons that the report names, no others. */
  readonly names: Explained;
  readonly trouble: Troubled;
  /** Where the words of a worker stand in the report, if it had any. */
  readonly said?: string;
}

/** Each cause is named in every form of the report, and nothing is named that it does not explain. */
export function testCauses(cases: readonly Case[]): void {
  for (const { cause, names, trouble, said } of cases) {
    const reasons = Object.entries(names).map(([name, [state]]) => `${name} (${state})`);
    test(`${cause} → ${reasons.join(', ') || 'no reason'}`, async () => {
      const { named, report, store } = await troubledSweep(trouble);
      const expected = Object.fromEntries(Object.entries(names).map(([name, [state]]) => [name, state]));
      assert.deepEqual(named.json, expected, JSON.stringify(report.points[0]?.validity.reasons));
      assert.deepEqual(named.page, expected);
      assert.deepEqual(named.markdown, expected);
      const words = report.points.flatMap(({ client }) => client.workerWords.map((one) => one.words));
      assert.equal(words.length, said === undefined ? 0 : 1);
      for (const word of words) {
        assert.ok(store.text(reportKey('virtual', 'report.md')).includes(`- ${said}: \`${word}\``));
        assert.ok(store.text(reportKey('virtual', 'report.html')).includes(`${said}<blockquote>`));
      }
    });
  }
}
