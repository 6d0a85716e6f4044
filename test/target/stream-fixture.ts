import { readdirSync, readFileSync } from 'node:fs';
import type { Usage } from '../../lib/target/dialect.ts';
import type { Ending } from '../../lib/timing/outcome.ts';

/** A folder of test/fixtures/streams. */
export interface StreamFixture {
  readonly name: string;
  readonly body: Buffer;
  readonly why: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly closing: 'clean' | Ending;
  readonly signals: readonly string[];
  readonly answer: ExpectedAnswer;
}

export interface ExpectedAnswer {
  readonly outcome: string;
  readonly detail: string | null;
  readonly message?: string;
  readonly usage: Usage;
  readonly [field: string]: unknown;
}

const folder = new URL('../fixtures/streams/', import.meta.url);

export const streamFixtures: readonly StreamFixture[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const here = new URL(`${name}/`, folder);
    const body = readdirSync(here).find((file) => file.startsWith('body.'));
    if (body === undefined) throw new Error(`the fixture ${name} has no body`);
    return {
      name,
      body: readFileSync(new URL(body, here)),
      ...JSON.parse(readFileSync(new URL('expected.json', here), 'utf8')),
    };
  });
