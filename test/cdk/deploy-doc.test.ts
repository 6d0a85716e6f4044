import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cloudTempo } from '../../lib/plan/tempo.ts';
import { parseAllowedTargets } from '../../lib/target/allowed-targets.ts';
import { type AccessRequest, decide, type Statement } from '../cloud/iam.ts';
import { codeBlocks, doc, section, table } from '../docs/markdown.ts';
import { settingsTable } from './settings-table.ts';

const page = doc('deploy.md');

describe('docs/deploy.md', () => {
  it('tells every setting with its default', () => {
    assert.ok(page.includes(settingsTable()), `the table should be:\n${settingsTable()}`);
  });

  it('shows a list of allowed targets that can be read', () => {
    const [example = ''] = codeBlocks(section(page, '## Allowing an endpoint'), 'json');
    const { allowedTargets } = JSON.parse(example) as { allowedTargets: unknown };
    assert.equal(parseAllowedTargets(JSON.stringify(allowedTargets)).length, 3);
  });
});

describe('the cost of a sweep in docs/deploy.md', () => {
  const text = section(page, '## What a sweep costs');
  const number = (cell = '') => Number(cell.replace(/[,*]/g, ''));
  const rows = table(text, 'what').map(([what = '', amount, price, cost]) => ({
    what,
    amount: number(amount),
    price: number(price),
    cost: number(cost),
  }));
  const parts = rows.slice(0, -1);

  it('is the amount times the price in each row', () => {
    for (const { what, amount, price, cost } of parts) assert.equal(cost, Number((amount * price).toFixed(4)), what);
  });

  it('is together the sum of the rows', () => {
    assert.equal(rows.at(-1)?.cost, Number(parts.reduce((sum, { cost }) => sum + cost, 0).toFixed(4)));
  });

  it('has as many worker seconds as the formula gives with the lead of the cloud', () => {
    const workers = [1, 2, 4, 8, 16, 32, 64, 128, 1].reduce((sum, level) => sum + Math.ceil(level / 32), 0);
    const seconds = workers * (cloudTempo.leadMs / 1000 + 10 + 60 + 10);
    assert.match(text, new RegExp(`= ${seconds.toLocaleString('en')} s`));
    assert.equal(parts[0]?.amount, Math.ceil((seconds * 1769) / 1024));
  });
});

describe('the rights in docs/deploy.md', () => {
  const [policy = ''] = codeBlocks(section(page, '## Rights'), 'json');
  const statements = (JSON.parse(policy) as { Statement: readonly Statement[] }).Statement;
  const object = (action: string, key: string): AccessRequest => ({ action, resource: `arn:aws:s3:::BUCKET/${key}` });
  const orchestrator = 'arn:aws:lambda:REGION:ACCOUNT:function:ORCHESTRATOR';
  const execution = `${orchestrator}:3/durable-execution/s1/0123`;
  const rows: readonly (readonly [string, AccessRequest, boolean])[] = [
    [
      'find the stack',
      { action: 'cloudformation:DescribeStacks', resource: 'arn:aws:cloudformation:REGION:ACCOUNT:stack/Paretoken/1' },
      true,
    ],
    ['start', { action: 'lambda:InvokeFunction', resource: `${orchestrator}:live` }, true],
    ['list', { action: 's3:ListBucket', resource: 'arn:aws:s3:::BUCKET' }, true],
    ['watch', object('s3:GetObject', 'sweeps/s1/progress/stage=0001/w0000.json'), true],
    ['see why a sweep died', { action: 'lambda:GetDurableExecution', resource: execution }, true],
    ['stop: the switch', object('s3:PutObject', 'sweeps/s1/control.json'), true],
    [
      'stop: waking the orchestrator',
      { action: 'lambda:SendDurableExecutionCallbackSuccess', resource: execution },
      true,
    ],
    ['read a report', object('s3:GetObject', 'reports/s1/report.html'), true],
    ['change a report', object('s3:PutObject', 'reports/s1/report.html'), false],
    ['delete a report', object('s3:DeleteObject', 'reports/s1/report.html'), false],
    ['start unpublished code', { action: 'lambda:InvokeFunction', resource: orchestrator }, false],
  ];
  for (const [what, request, allowed] of rows) {
    it(`${allowed ? 'allow' : 'do not allow'} to ${what}`, () =>
      assert.equal(decide(statements, request) === 'allowed', allowed));
  }
});
