import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Auth } from '../../lib/spec/auth.ts';
import {
  type AllowedTarget,
  AllowedTargetsError,
  type AskedTarget,
  allowanceOf,
  parseAllowedTargets,
  targetRefusal,
} from '../../lib/target/allowed-targets.ts';

const header = 'authorization';
const secret = (name: string, field: string | null = null): Auth => ({ secret: name, field, header });
const parameter = (name: string): Auth => ({ parameter: name, header });

const allowed = parseAllowedTargets(
  JSON.stringify([
    { host: 'llm.example.com', secret: 'llm/key' },
    { host: 'llm.example.com:8443', parameter: '/llm/key' },
    { host: 'open.example.com' },
    { host: 'plain.example.com:80', secret: 'plain/key' },
    { host: 'xn--mnchen-3ya.example', secret: 'idn/key' },
    { host: '[::1]:9000', privateAddresses: true },
    { host: '127.0.0.1:9000', privateAddresses: true },
    { host: 'many.example.com', secret: 'many', field: 'llm', path: '/v2/chat' },
    { host: 'inside.example.com:8000', secret: 'inside', privateAddresses: true },
  ]),
);

const mayGo: readonly { why: string; url: string; auth: Auth | null }[] = [
  { why: 'the pair as it stands', url: 'https://llm.example.com/v1', auth: secret('llm/key') },
  { why: "the scheme's own port, written out", url: 'https://llm.example.com:443/v1', auth: secret('llm/key') },
  { why: 'a host in upper case is the same host', url: 'https://LLM.Example.COM/v1', auth: secret('llm/key') },
  {
    why: 'a port of its own, with the key of that pair',
    url: 'https://llm.example.com:8443',
    auth: parameter('/llm/key'),
  },
  { why: 'no key where none is allowed', url: 'https://open.example.com/v1', auth: null },
  { why: 'plain http without a key', url: 'http://open.example.com/v1', auth: null },
  {
    why: 'plain http with a key, where the pair says port 80',
    url: 'http://plain.example.com/',
    auth: secret('plain/key'),
  },
  {
    why: 'a name of another script, which URLs write in Punycode',
    url: 'https://münchen.example/v1',
    auth: secret('idn/key'),
  },
  { why: 'an IPv6 address in its brackets', url: 'http://[::1]:9000/v1', auth: null },
  { why: 'the same written at length', url: 'http://[0:0:0:0:0:0:0:1]:9000/v1', auth: null },
  { why: 'an IPv4 address', url: 'http://127.0.0.1:9000/v1', auth: null },
  { why: 'the field of the pair', url: 'https://many.example.com/v1', auth: secret('many', 'llm') },
  { why: 'the path of the pair', url: 'https://many.example.com/v2/chat', auth: secret('many', 'llm') },
  {
    why: 'the invocations of a serving endpoint',
    url: 'https://llm.example.com/serving-endpoints/m/invocations',
    auth: secret('llm/key'),
  },
  { why: 'plain http in a private network', url: 'http://inside.example.com:8000/v1', auth: secret('inside') },
  { why: 'a path that looks like a host', url: 'https://open.example.com/@evil.example', auth: null },
];

const mayNotGo: readonly { why: string; url: string; auth: Auth | null }[] = [
  { why: 'another host', url: 'https://evil.example/v1', auth: secret('llm/key') },
  { why: 'another host behind a user name', url: 'https://llm.example.com@evil.example/v1', auth: secret('llm/key') },
  { why: 'the same with a password', url: 'https://llm.example.com:443@evil.example/v1', auth: secret('llm/key') },
  { why: 'the allowed host behind a user name', url: 'https://me@llm.example.com/v1', auth: secret('llm/key') },
  { why: 'a host that ends like the allowed one', url: 'https://evil-llm.example.com/v1', auth: secret('llm/key') },
  { why: 'a host under the allowed one', url: 'https://a.llm.example.com/v1', auth: secret('llm/key') },
  {
    why: 'the allowed one as a part of another',
    url: 'https://llm.example.com.evil.example/',
    auth: secret('llm/key'),
  },
  { why: 'a final dot: another name to the URL', url: 'https://llm.example.com./v1', auth: secret('llm/key') },
  {
    why: 'a path that does something else with the key',
    url: 'https://llm.example.com/api/2.0/token/create',
    auth: secret('llm/key'),
  },
  {
    why: 'such a path in disguise',
    url: 'https://llm.example.com/api/2.0/token/create%2fx/invocations',
    auth: secret('llm/key'),
  },
  {
    why: 'such a path with a parameter at its end',
    url: 'https://llm.example.com/api/2.0/token/create;/invocations',
    auth: secret('llm/key'),
  },
  { why: 'the path of another pair', url: 'https://llm.example.com/v2/chat', auth: secret('llm/key') },
  { why: 'another field of the secret', url: 'https://many.example.com/v1', auth: secret('many', 'azure') },
  { why: 'the whole secret, of which a field is allowed', url: 'https://many.example.com/v1', auth: secret('many') },
  {
    why: 'a field, where the whole secret is allowed',
    url: 'https://llm.example.com/v1',
    auth: secret('llm/key', 'a'),
  },
  { why: 'plain http on a port of https', url: 'http://llm.example.com:8443/v1', auth: parameter('/llm/key') },
  { why: 'another port', url: 'https://llm.example.com:444/v1', auth: secret('llm/key') },
  { why: 'port 80 by https', url: 'https://llm.example.com:80/v1', auth: secret('llm/key') },
  { why: 'plain http with a key', url: 'http://llm.example.com/v1', auth: secret('llm/key') },
  { why: 'plain http on port 443', url: 'http://llm.example.com:443/v1', auth: secret('llm/key') },
  { why: 'the key of another pair', url: 'https://llm.example.com/v1', auth: secret('plain/key') },
  { why: 'the key of the same host on another port', url: 'https://llm.example.com/v1', auth: parameter('/llm/key') },
  { why: 'a parameter named like the secret', url: 'https://llm.example.com/v1', auth: parameter('llm/key') },
  { why: 'no key where one is allowed', url: 'https://llm.example.com/v1', auth: null },
  { why: 'a key where none is allowed', url: 'https://open.example.com/v1', auth: secret('llm/key') },
  { why: 'a key of the environment', url: 'https://llm.example.com/v1', auth: { env: 'KEY', header } },
  { why: 'letters that only look the same', url: 'https://llm.exаmple.com/v1', auth: secret('llm/key') },
  {
    why: 'a backslash, which URLs take for a slash',
    url: 'https://evil.example\\@llm.example.com/',
    auth: secret('llm/key'),
  },
  { why: 'another scheme', url: 'ftp://open.example.com/v1', auth: null },
  { why: 'a file', url: 'file:///etc/passwd', auth: null },
  { why: 'no URL', url: 'open.example.com', auth: null },
  { why: 'an address that is written as a number', url: 'http://2130706433:9001/', auth: null },
  { why: 'the metadata service', url: 'http://169.254.169.254/latest', auth: null },
];

describe('a stack measures the host, port and key of a pair, and nothing else', () => {
  for (const { why, ...target } of mayGo) {
    test(`allowed: ${why}`, () => {
      assert.equal(targetRefusal(target, allowed), null);
      assert.ok(allowanceOf(target, allowed));
    });
  }
  for (const { why, ...target } of mayNotGo) {
    test(`refused: ${why}`, () => {
      assert.equal(typeof targetRefusal(target, allowed), 'string');
      assert.equal(allowanceOf(target, allowed), null);
    });
  }
  test('where nothing is allowed, nothing is', () => {
    for (const { why: _, ...target } of mayGo) assert.ok(targetRefusal(target, []));
  });
  test('private addresses are allowed by their own pair alone', () => {
    const target = (url: string): AskedTarget => ({ url, auth: null });
    assert.equal(allowanceOf(target('http://127.0.0.1:9000'), allowed)?.privateAddresses, true);
    assert.equal(allowanceOf(target('https://open.example.com'), allowed)?.privateAddresses, undefined);
  });
});

const sentences: readonly { why: string; target: AskedTarget; says: RegExp }[] = [
  {
    why: 'the very entry to add and where',
    target: { url: 'https://new.example.com/v1', auth: secret('new/key', 'apiKey') },
    says: /does not allow https:\/\/new\.example\.com with the secret "new\/key": add \{"host":"new\.example\.com","secret":"new\/key","field":"apiKey"\} to the list "allowedTargets" under "context" in cdk\.json, and deploy again$/,
  },
  {
    why: 'that the host alone is not it',
    target: { url: 'https://llm.example.com/v1', auth: null },
    says: /https:\/\/llm\.example\.com without a key \(the host is allowed, but not so\): add \{"host":"llm\.example\.com"\}/,
  },
  {
    why: 'that https is better for a key',
    target: { url: 'http://llm.example.com/v1', auth: secret('llm/key') },
    says: /better is https\): add \{"host":"llm\.example\.com:80","secret":"llm\/key"\}/,
  },
  {
    why: 'where a key of the environment should go',
    target: { url: 'https://llm.example.com/v1', auth: { env: 'KEY', header } },
    says: /Secrets Manager or Parameter Store and name it under target\.auth\.secret or target\.auth\.parameter/,
  },
];

describe('a refusal says what to do', () => {
  for (const { why, target, says } of sentences) {
    test(why, () => assert.match(targetRefusal(target, allowed) ?? '', says));
  }
  test('whoever adds the entry that it names may measure the target, and the key may go nowhere else', () => {
    const auth = fc.oneof(
      fc.constant(null),
      fc.constantFrom('a', 'b').map((name) => secret(name)),
      fc.constantFrom('a', 'b').map((name) => parameter(name)),
    );
    const url = fc.webUrl({
      validSchemes: ['http', 'https'],
      authoritySettings: { withPort: true, withIPv4: true, withIPv6: true },
    });
    fc.assert(
      fc.property(url, url, auth, (one, other, key) => {
        fc.pre(new URL(one).port !== '0');
        const target = { url: one, auth: key };
        const entry = /add (\{.*\}) to the list/.exec(targetRefusal(target, []) ?? '')?.[1];
        const list = parseAllowedTargets(`[${entry}]`);
        assert.equal(targetRefusal(target, list), null, one);
        const elsewhere = new URL(other).host !== new URL(one).host;
        if (elsewhere) assert.ok(targetRefusal({ url: other, auth: key }, list), other);
      }),
    );
  });
});

const lists: readonly { why: string; list: unknown; faults: readonly RegExp[] }[] = [
  { why: 'an object', list: {}, faults: [/it is no list/] },
  { why: 'a text in the list', list: ['llm.example.com'], faults: [/^\[0\] is no object such as/] },
  { why: 'no host', list: [{}], faults: [/^\[0\]\.host must be a host/] },
  { why: 'a URL for a host', list: [{ host: 'https://llm.example.com' }], faults: [/\.host must/] },
  { why: 'a path', list: [{ host: 'llm.example.com/v1' }], faults: [/\.host must/] },
  { why: 'a user name', list: [{ host: 'me@llm.example.com' }], faults: [/\.host must/] },
  { why: 'a pattern', list: [{ host: '*.example.com' }], faults: [/\.host must/] },
  { why: 'a final dot', list: [{ host: 'llm.example.com.' }], faults: [/\.host must/] },
  { why: 'port 0', list: [{ host: 'llm.example.com:0' }], faults: [/\.host must/] },
  { why: 'a port that is none', list: [{ host: 'llm.example.com:99999' }], faults: [/\.host must/] },
  { why: 'IPv6 without brackets', list: [{ host: '::1' }], faults: [/\.host must/] },
  { why: 'two keys', list: [{ host: 'a', secret: 's', parameter: 'p' }], faults: [/\.parameter stands beside secret/] },
  { why: 'an empty key, which would allow none', list: [{ host: 'a', secret: '' }], faults: [/\.secret must/] },
  {
    why: 'every fault at once, with its place',
    list: [{ host: 'a' }, { host: 1, secret: 2, parameter: 3, privateAddresses: 'yes', hots: 'b' }],
    faults: [
      /^\[1\]\.hots is no key/,
      /^\[1\]\.host must/,
      /^\[1\]\.secret must/,
      /^\[1\]\.parameter must/,
      /^\[1\]\.parameter stands/,
      /^\[1\]\.privateAddresses must/,
    ],
  },
];

describe('the list of a stack is read with every fault named', () => {
  for (const { why, list, faults } of lists) {
    test(why, () => {
      assert.throws(
        () => parseAllowedTargets(JSON.stringify(list)),
        (error: unknown) => {
          assert.ok(error instanceof AllowedTargetsError);
          assert.equal(error.faults.length, faults.length, error.message);
          faults.forEach((pattern, index) => {
            assert.match(error.faults[index] ?? '', pattern);
          });
          return true;
        },
      );
    });
  }
  test('what is no JSON', () => assert.throws(() => parseAllowedTargets('[{'), /it is no JSON/));

  const hosts: readonly (readonly [host: string, read: string])[] = [
    ['LLM.Example.com', 'llm.example.com'],
    ['München.example', 'xn--mnchen-3ya.example'],
    ['llm.example.com:443', 'llm.example.com:443'],
    ['llm.example.com:08443', 'llm.example.com:8443'],
    ['[0:0::1]:80', '[::1]:80'],
    ['127.1', '127.0.0.1'],
  ];
  for (const [host, read] of hosts) {
    test(`${host} is ${read}`, () => {
      const list: readonly AllowedTarget[] = parseAllowedTargets(JSON.stringify([{ host }]));
      assert.deepEqual(list, [{ host: read }]);
    });
  }
});
