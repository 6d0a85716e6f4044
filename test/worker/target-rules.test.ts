import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Assignment } from '../../lib/plan/assignment.ts';
import type { AddressRules } from '../../lib/target/address.ts';
import type { AllowedTarget } from '../../lib/target/allowed-targets.ts';
import { runVirtually } from './run-virtually.ts';

const header = 'authorization';

const target = (own: Partial<Assignment['target']>): Assignment['target'] => ({
  url: 'https://llm.example.com/v1',
  model: 'm',
  headers: {},
  auth: { secret: 'llm/key', field: null, header },
  parameters: {},
  usageInStream: true,
  readyWithin: null,
  ...own,
});

/** A worker whose stack allows these pairs, and all that it asked for. */
async function runAllowed(allowed: readonly AllowedTarget[] | null, own: Partial<Assignment['target']> = {}) {
  const resolved: unknown[] = [];
  const targets: [url: string, rules: AddressRules][] = [];
  const result = await runVirtually({
    rest: { target: target(own) },
    prepare({ ports }) {
      const { newTarget } = ports;
      Object.assign(ports, {
        allowed,
        secrets: {
          async resolve(reference: unknown) {
            resolved.push(reference);
            return 'secret-of-the-test';
          },
        },
        newTarget(...[url, rules]: Parameters<typeof newTarget>) {
          targets.push([url, rules]);
          return newTarget(url, rules);
        },
      });
    },
  });
  return { ...result, resolved, targets };
}

const pair: AllowedTarget = { host: 'llm.example.com', secret: 'llm/key' };

const refused: readonly { why: string; allowed: readonly AllowedTarget[]; own?: Partial<Assignment['target']> }[] = [
  { why: 'a stack that allows nothing', allowed: [] },
  { why: 'another host, with the key of the allowed one', allowed: [pair], own: { url: 'https://evil.example/v1' } },
  { why: 'the host with another key', allowed: [{ ...pair, secret: 'other/key' }] },
  { why: 'a user name before the host', allowed: [pair], own: { url: 'https://llm.example.com@evil.example/v1' } },
  { why: 'a key of the environment', allowed: [pair], own: { auth: { env: 'AWS_SECRET_ACCESS_KEY', header } } },
];

describe('a worker in the cloud', () => {
  for (const { why, allowed, own } of refused) {
    test(`refuses ${why}: no key is read, nothing is sent, the receipt says what to do`, async () => {
      const { end, receipt, resolved, targets, journal } = await runAllowed(allowed, own);
      assert.equal(end, 'failed');
      assert.equal(receipt.state, 'failed');
      assert.match(
        receipt.failure ?? '',
        /add \{"host":.*\} to the list "allowedTargets"|target\.auth\.secret|user name/,
      );
      assert.deepEqual([resolved, targets, journal], [[], [], []]);
    });
  }

  const rules = [
    { why: 'public addresses alone', allowed: [pair], privateAddresses: false },
    { why: 'private ones as its pair says', allowed: [{ ...pair, privateAddresses: true }], privateAddresses: true },
    { why: 'on a laptop, whatever the user named', allowed: null, privateAddresses: true },
  ];
  for (const { why, allowed, privateAddresses } of rules) {
    test(`connects to what it is allowed to: ${why}`, async () => {
      const { end, resolved, targets } = await runAllowed(allowed);
      assert.equal(end, 'done');
      assert.deepEqual(resolved, [{ secret: 'llm/key', field: null, header }]);
      assert.deepEqual(targets, [['https://llm.example.com/v1/chat/completions', { privateAddresses }]]);
    });
  }

  test('whose key can’t be read: nothing is sent, and the receipt says why', async () => {
    const { end, receipt, journal } = await runVirtually({
      rest: { target: target({}) },
      prepare: ({ ports }) =>
        Object.assign(ports, {
          secrets: {
            resolve: async () => {
              throw new Error("can't read the secret");
            },
          },
        }),
    });
    assert.deepEqual([end, receipt.failure, journal.length], ['failed', "can't read the secret", 0]);
  });
});
