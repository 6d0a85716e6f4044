import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccessRequest, decide } from '../cloud/iam.ts';
import { readStack } from '../cloud/template.ts';
import { appWith, fullContext } from './synthesize.ts';

const { app } = appWith(fullContext);
const model = readStack(app.synth().directory, 'Paretoken');
const {
  Bucket: bucket = '',
  Orchestrator: orchestrator = '',
  Worker: worker = '',
  Aggregator: aggregator = '',
} = model.outputs;
const account = 'us-east-1:000000000000';

type Name = 'orchestrator' | 'worker' | 'aggregator';

const names: Readonly<Record<Name, string>> = { orchestrator, worker, aggregator };

function may(name: Name, request: AccessRequest): boolean {
  const role = model.functions.find((one) => one.name === names[name])?.roleName ?? '';
  return decide(model.roles.get(role) ?? [], request) === 'allowed';
}

const object = (action: 'Get' | 'Put' | 'Delete', key: string): AccessRequest => ({
  action: `s3:${action}Object`,
  resource: `arn:aws:s3:::${bucket}/${key}`,
});
const list = (prefix: string): AccessRequest => ({
  action: 's3:ListBucket',
  resource: `arn:aws:s3:::${bucket}`,
  context: { 's3:prefix': prefix },
});
const invoke = (name: string, qualifier = ':live'): AccessRequest => ({
  action: 'lambda:InvokeFunction',
  resource: `arn:aws:lambda:${account}:function:${name}${qualifier}`,
});
const secret = (name: string): AccessRequest => ({
  action: 'secretsmanager:GetSecretValue',
  resource: `arn:aws:secretsmanager:${account}:secret:${name}`,
});
const parameter = (name: string): AccessRequest => ({
  action: 'ssm:GetParameter',
  resource: `arn:aws:ssm:${account}:parameter/${name}`,
});
const execution = (action: string, name: string): AccessRequest => ({
  action: `lambda:${action}`,
  resource: `arn:aws:lambda:${account}:function:${name}:3/durable-execution/s1/0123`,
});

/** What each role does in a sweep. */
const needed: Readonly<Record<Name, Readonly<Record<string, readonly AccessRequest[]>>>> = {
  orchestrator: {
    'keep the sweep’s files': [object('Put', 'sweeps/s1/plan.json'), object('Get', 'sweeps/s1/status.json')],
    'count claims and receipts': [
      list('sweeps/s1/receipts/stage=0001/'),
      object('Get', 'sweeps/s1/receipts/stage=0001/w0000.json'),
    ],
    'lock a schedule': [
      object('Put', 'schedules/nightly.json'),
      object('Get', 'schedules/nightly.json'),
      list('schedules/'),
    ],
    'call worker and aggregator by their aliases': [invoke(worker), invoke(aggregator)],
    'read the account’s concurrency': [{ action: 'lambda:GetAccountSettings', resource: '*' }],
    'checkpoint its own executions': [
      execution('CheckpointDurableExecution', orchestrator),
      execution('GetDurableExecutionState', orchestrator),
    ],
  },
  worker: {
    'claim, and read back its claim': [
      object('Put', 'sweeps/s1/claims/stage=0001/w0000'),
      object('Get', 'sweeps/s1/claims/stage=0001/w0000'),
    ],
    'hear of a stop': [object('Get', 'sweeps/s1/control.json')],
    'write progress, records and its receipt': [
      object('Put', 'sweeps/s1/progress/stage=0001/w0000.json'),
      object('Put', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
      object('Put', 'sweeps/s1/receipts/stage=0001/w0000.json'),
    ],
    'read the allowed keys': [secret('llm-key-AbCdEf'), parameter('llm/key')],
  },
  aggregator: {
    'read a sweep and its records': [
      list('sweeps/s1/receipts/'),
      list('records/sweep=s1/stage=0001/'),
      object('Get', 'sweeps/s1/plan.json'),
      object('Get', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
    ],
    'keep points and draw reports': [
      object('Put', 'sweeps/s1/points/stage=0001.json'),
      object('Put', 'reports/s1/report.html'),
      object('Get', 'reports/s1/report.json'),
    ],
  },
};

/** What each role must not do, and what would follow. */
const denied: Readonly<Record<Name, Readonly<Record<string, readonly AccessRequest[]>>>> = {
  orchestrator: {
    'read keys: it meets every spec first': [secret('llm-key-AbCdEf'), parameter('llm/key')],
    'touch records or reports: results are others’ work': [
      object('Put', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
      object('Put', 'reports/s1/report.html'),
      object('Get', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
      list('records/'),
    ],
    'delete: measurements can not be made again': [object('Delete', 'sweeps/s1/plan.json')],
    'list the whole bucket': [list('')],
    'call a version or the unpublished code: no event configuration is theirs': [
      invoke(worker, ''),
      invoke(worker, ':1'),
    ],
    'call itself or others: a sweep starts no sweep': [invoke(orchestrator), invoke('somebody-elses')],
    'touch another function’s executions': [execution('CheckpointDurableExecution', 'somebody-elses')],
  },
  worker: {
    'read reports or records: it meets the endpoint': [
      object('Get', 'reports/s1/report.json'),
      object('Get', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
    ],
    'write reports, plans, points or the stop': [
      object('Put', 'reports/s1/report.html'),
      object('Put', 'sweeps/s1/plan.json'),
      object('Put', 'sweeps/s1/points/stage=0001.json'),
      object('Put', 'sweeps/s1/control.json'),
    ],
    'list or delete anything': [list('sweeps/'), object('Delete', 'records/sweep=s1/stage=0001/w0000-0.parquet')],
    'invoke anything': [invoke(worker), invoke(orchestrator), invoke(aggregator)],
    'read other secrets, or one whose name only begins alike': [
      secret('other-AbCdEf'),
      secret('llm-key-prod-AbCdEf'),
      parameter('llm/key2'),
      parameter('other'),
    ],
    'change secrets': [{ action: 'secretsmanager:PutSecretValue', resource: secret('llm-key-AbCdEf').resource }],
  },
  aggregator: {
    delete: [
      object('Delete', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
      object('Delete', 'reports/s1/report.html'),
    ],
    'change what others wrote': [
      object('Put', 'records/sweep=s1/stage=0001/w0000-0.parquet'),
      object('Put', 'sweeps/s1/plan.json'),
      object('Put', 'sweeps/s1/receipts/stage=0001/w0000.json'),
    ],
    'read keys': [secret('llm-key-AbCdEf'), parameter('llm/key')],
    'invoke anything': [invoke(worker), invoke(orchestrator)],
  },
};

for (const name of ['orchestrator', 'worker', 'aggregator'] as const) {
  describe(`the role of the ${name}`, () => {
    for (const [what, requests] of Object.entries(needed[name])) {
      it(`may ${what}`, () =>
        assert.deepEqual(
          requests.filter((request) => !may(name, request)),
          [],
        ));
    }
    for (const [what, requests] of Object.entries(denied[name])) {
      it(`must not ${what}`, () =>
        assert.deepEqual(
          requests.filter((request) => may(name, request)),
          [],
        ));
    }
  });
}

describe('the worker’s role in a network', () => {
  const create = { action: 'ec2:CreateNetworkInterface', resource: '*' };

  it('lets Lambda attach the function, and denies the same to the function’s own code', () => {
    assert.ok(may('worker', create));
    const sourceArn = `arn:aws:lambda:${account}:function:${worker}`;
    assert.ok(!may('worker', { ...create, context: { 'lambda:SourceFunctionArn': sourceArn } }));
  });
});
