import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { ConfigurationError } from '../../cdk/configuration-error.ts';
import { readSchedulesFolder } from '../../cdk/schedules-folder.ts';
import { idOfStart, readStart } from '../../lib/sweep/start-event.ts';
import { folderWith, templateWith } from './synthesize.ts';

const sweep = `
sweep:
  target: {url: 'https://llm.example.com/v1'}
  workload: {inputTokens: 64, outputTokens: 16}
  load: {levels: [1, 2]}
  stage: {measure: 30s}
`;

function faultsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = folderWith(files);
  try {
    readSchedulesFolder(folder);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.faults.map((fault) => fault.replace(`${folder}/`, '').replace(folder, 'folder'));
  }
}

describe('a folder of schedules', () => {
  const schedules = folderWith({
    'nightly.yaml': `schedule: {cron: '0 3 * * ? *', timeZone: Europe/Berlin, enabled: true}${sweep}`,
    'often.json': JSON.stringify({
      schedule: { rate: '12 hours' },
      sweep: {
        target: { url: 'https://llm.example.com/v1' },
        workload: { inputTokens: 64, outputTokens: 16 },
        load: { levels: [1] },
      },
    }),
    'README.md': 'What runs here and why.',
    '.gitkeep': '',
  });
  const template = templateWith({
    schedules,
    allowedTargets: [{ host: 'llm.example.com' }],
  });
  const scheduleNamed = (name: string) => {
    const found = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    return found.map(({ Properties }) => Properties).find(({ Name }) => Name === name);
  };

  it('becomes a schedule for each file, named as the file is', () => {
    template.resourceCountIs('AWS::Scheduler::Schedule', 2);
    assert.equal(scheduleNamed('nightly').ScheduleExpression, 'cron(0 3 * * ? *)');
    assert.equal(scheduleNamed('nightly').ScheduleExpressionTimezone, 'Europe/Berlin');
    assert.equal(scheduleNamed('often').ScheduleExpression, 'rate(12 hours)');
  });

  it('enables a schedule only where its file says so', () => {
    assert.equal(scheduleNamed('nightly').State, 'ENABLED');
    assert.equal(scheduleNamed('often').State, 'DISABLED');
  });

  it('sends what the orchestrator takes: the sweep as written, and when it was due, which makes its id', () => {
    const input = scheduleNamed('nightly').Target.Input.replace(
      '<aws.scheduler.scheduled-time>',
      '2026-11-22T02:00:00Z',
    );
    const start = readStart(JSON.parse(input));
    assert.equal(idOfStart(start, 0), '20261122T0200Z-nightly');
    assert.equal(start.spec?.stage.measure, 30_000);
  });

  it('starts the alias live, by a role that may do that and no more', () => {
    const { Target } = scheduleNamed('nightly');
    assert.ok(Target.Arn.Ref in template.findResources('AWS::Lambda::Alias'));
    const start = Match.objectLike({ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: Target.Arn });
    const fail = Match.objectLike({ Action: 'sqs:SendMessage', Effect: 'Allow' });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Target.RoleArn['Fn::GetAtt'][0] }],
      PolicyDocument: Match.objectLike({ Statement: [start, fail] }),
    });
  });

  it('lets no schedule of another group use that role', () => {
    const [group] = Object.keys(template.findResources('AWS::Scheduler::ScheduleGroup'));
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': { 'Fn::GetAtt': [group, 'Arn'] },
              },
            },
          }),
        ],
      }),
    });
    assert.deepEqual(scheduleNamed('often').GroupName, { Ref: group });
  });

  it('tries a refused call again for five minutes and then leaves it in the failure queue', () => {
    const { RetryPolicy, DeadLetterConfig } = scheduleNamed('nightly').Target;
    assert.deepEqual(RetryPolicy, { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 300 });
    const [queue] = Object.keys(template.findResources('AWS::SQS::Queue'));
    assert.deepEqual(DeadLetterConfig.Arn, { 'Fn::GetAtt': [queue, 'Arn'] });
  });

  it('may be empty: then there is neither group nor role', () => {
    const empty = templateWith({ schedules: folderWith({}) });
    empty.resourceCountIs('AWS::Scheduler::ScheduleGroup', 0);
  });
});

describe('faulty schedules', () => {
  it('are told all at once, each fault with its file, path and line', () => {
    const faults = faultsOf({
      'a.yaml': `schedule: {cron: '0 3 * * *', timezone: UTC, enabled: maybe}${sweep.replace('[1, 2]', '[2, 1]')}`,
      'b.yaml': `schedule:\n  rate: weekly\n  timeZone: Berlin\nsweep: {}\n`,
      'c.yaml': 'schedule: {rate: 1 day\n',
    });
    assert.deepEqual(faults, [
      'a.yaml: schedule.cron must have six fields (minute, hour, day of the month, month, day of the week, year), such as 0 3 * * ? * for every night at three (line 1, column 12)',
      'a.yaml: schedule.enabled must be true or false (line 1, column 46)',
      'a.yaml: schedule.timezone is no key that can stand here (line 1, column 31)',
      'a.yaml: sweep.load.levels[1] must be above the level before it (line 5, column 22)',
      'b.yaml: schedule.rate must be a number of minutes, hours or days, such as 12 hours (line 2, column 3)',
      'b.yaml: schedule.timeZone is no time zone such as Europe/Berlin (line 3, column 3)',
      'b.yaml: sweep.target is missing (line 4, column 1)',
      'b.yaml: sweep.workload is missing (line 4, column 1)',
      'b.yaml: sweep.load is missing (line 4, column 1)',
      'c.yaml: this is no YAML: Flow map in block collection must be sufficiently indented and end with a } (line 2, column 1)',
    ]);
  });

  const rows = [
    { file: 'x.yaml', text: '', fault: /schedule is missing/, reason: 'an empty file' },
    { file: 'x.yaml', text: 'schedule: {rate: 1 day}', fault: /sweep is missing/, reason: 'nothing to run' },
    { file: 'x.yaml', text: `schedule: {}${sweep}`, fault: /either cron or rate/, reason: 'no time' },
    {
      file: 'x.yaml',
      text: `schedule: {rate: 1 day, cron: 0 3 * * ? *}${sweep}`,
      fault: /either/,
      reason: 'two times',
    },
    {
      file: 'x.yaml',
      text: `schedule: {cron: 0 3 * * ? *, timeZone: Berlin}${sweep}`,
      fault: /no time zone/,
      reason: 'no such zone',
    },
    {
      file: `${'x'.repeat(41)}.yaml`,
      text: `schedule: {rate: 1 day}${sweep}`,
      fault: /at most 40/,
      reason: 'its id would be too long',
    },
    { file: 'ä.yaml', text: `schedule: {rate: 1 day}${sweep}`, fault: /at most 40 letters/, reason: 'ids are plain' },
    { file: 'x.txt', text: '', fault: /is no schedule/, reason: 'a file that would be overlooked' },
  ];
  for (const { file, text, fault, reason } of rows)
    it(`are refused: ${reason}`, () => assert.match(faultsOf({ [file]: text }).join('\n'), fault));

  it('are refused where two files have one name', () => {
    const text = `schedule: {rate: 1 day}${sweep}`;
    assert.match(faultsOf({ 'x.yaml': text, 'x.yml': text }).join(), /two schedules with the name x/);
  });

  it('are refused where a key would come from a laptop’s environment', () => {
    const text = `schedule: {rate: 1 day}${sweep.replace("/v1'}", "/v1', auth: {env: KEY}}")}`;
    assert.match(faultsOf({ 'x.yaml': text }).join(), /sweep\.target\.auth\.env .*secret/);
  });

  it('are refused where they are enabled and their target is not allowed: nobody would see the nightly refusal', () => {
    const scheduled = (enabled: boolean) =>
      folderWith({ 'x.yaml': `schedule: {rate: 1 day, enabled: ${enabled}}${sweep}` });
    const remedy =
      /x: sweep\.target this stack does not allow https:\/\/llm\.example\.com .*"host":"llm\.example\.com"/;
    assert.throws(() => templateWith({ schedules: scheduled(true) }), remedy);
    assert.doesNotThrow(() => templateWith({ schedules: scheduled(false) }));
  });

  it('are refused where they can’t be read', () => {
    assert.throws(() => readSchedulesFolder('/nowhere'), /\/nowhere: is no folder/);
  });
});
