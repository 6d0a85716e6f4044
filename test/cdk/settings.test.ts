import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../../cdk/configuration-error.ts';
import { readSettings } from '../../cdk/settings.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { fullContext } from './synthesize.ts';

function faultsOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    readSettings(context);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.faults;
  }
}

describe('settings', () => {
  it('all have a default', () => {
    assert.deepEqual(readSettings({}).allowedTargets, []);
    assert.equal(readSettings({}).recordDays, 90);
  });

  it('are the same as texts after -c and as JSON in cdk.json', () => {
    const texts = Object.fromEntries(
      Object.entries(fullContext).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    assert.deepEqual(readSettings(texts), readSettings(fullContext));
  });

  it('leave other context alone', () => {
    const provider = 'availability-zones:account=123456789012:region=eu-central-1';
    assert.deepEqual(faultsOf({ ...cdkJson.context, [provider]: ['a'], team: 'speech' }), []);
  });

  it('tell every fault at once, with its path', () => {
    const context = {
      recordDays: 0,
      athena: 'maybe',
      stackName: '1st',
      schedule: 'mine',
      vpc: { vpcId: 'vpc-0123abcd' },
      allowedTargets: [{ host: 'https://llm.example.com' }, { hots: 'b' }],
    };
    assert.deepEqual(faultsOf(context), [
      'schedule is no setting: did you mean schedules?',
      'allowedTargets[0].host must be a host such as llm.example.com or llm.example.com:8443, without scheme, user, path, pattern and final dot',
      'allowedTargets[1].hots is no key: only host, secret, field, parameter, path, privateAddresses are',
      'allowedTargets[1].host must be a host such as llm.example.com or llm.example.com:8443, without scheme, user, path, pattern and final dot',
      'stackName must be letters, digits and -, at most 100, a letter first',
      'recordDays must be a whole number from 1 to 36,500',
      'athena must be true or false',
      'vpc.subnetIds is missing',
    ]);
  });

  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:llm-key';
  const rows = [
    { target: { host: 'llm.example.com' }, faulty: false, reason: 'an endpoint without a key' },
    { target: { host: 'llm.example.com:8443', secret: 'team/llm-key' }, faulty: false, reason: 'a secret by its name' },
    { target: { host: '10.0.0.7', secret: `${arn}-AbCdEf` }, faulty: false, reason: 'a secret by its whole ARN' },
    { target: { host: '[::1]:8000', parameter: '/llm/key' }, faulty: false, reason: 'IPv6, and a parameter' },
    { target: { host: 'a', secret: arn.slice(0, -4) }, faulty: true, reason: 'an ARN without its end grants nothing' },
    { target: { host: 'a', secret: 'llm-*' }, faulty: true, reason: 'a wildcard would open other secrets' },
    { target: { host: 'a', parameter: '/llm/*' }, faulty: true, reason: 'nor other parameters' },
    { target: { host: 'a', secret: 's', parameter: 'p' }, faulty: true, reason: 'one key a host' },
    { target: { host: '*.example.com' }, faulty: true, reason: 'pairs are compared, not matched' },
    { target: { host: 'user@llm.example.com' }, faulty: true, reason: 'no credentials in addresses' },
    { target: { host: 'llm.example.com/v1' }, faulty: true, reason: 'a path is the sweep’s business' },
    { target: { host: 'llm.example.com:port' }, faulty: true, reason: 'a port is a number' },
    { target: { host: '' }, faulty: true, reason: 'nothing is no host' },
    { target: { host: 'a', privateAddresses: 'yes' }, faulty: true, reason: 'a switch is true or false' },
  ];
  for (const { target, faulty, reason } of rows) {
    it(`${faulty ? 'refuse' : 'take'} ${JSON.stringify(target)}: ${reason}`, () => {
      assert.equal(faultsOf({ allowedTargets: [target] }).length > 0, faulty);
    });
  }

  it('refuse more pairs than a function’s environment holds', () => {
    const targets = Array.from({ length: 40 }, (_, index) => ({
      host: `llm-${index}.example.com`,
      secret: `key-${'x'.repeat(60)}`,
    }));
    assert.match(faultsOf({ allowedTargets: targets }).join(), /^allowedTargets take \d+ bytes/);
  });
});
