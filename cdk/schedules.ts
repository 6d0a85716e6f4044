import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LiveFunction } from './live-function.ts';
import type { ScheduledSweep } from './schedule-file.ts';

export interface SchedulesProps {
  readonly schedules: readonly ScheduledSweep[];
  readonly orchestrator: LiveFunction;
  readonly failureQueue: IQueue;
}

/**
 * What a call that Lambda refuses is worth: asked again a few times, since a sweep is known by the time for which it
 * was scheduled and a delivery that comes twice runs once; but not for long, since a sweep that starts hours late is
 * another measurement.
 */
const retryPolicy = { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 300 };

/** Schedules of sweeps, in a group that is deleted with the stack. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { schedules, orchestrator, failureQueue }: SchedulesProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': group.attrArn } },
      }),
    });
    const start = ['lambda:InvokeFunction'];
    role.addToPolicy(
      new PolicyStatement({ sid: 'Start', actions: start, resources: [orchestrator.alias.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({ sid: 'Fail', actions: ['sqs:SendMessage'], resources: [failureQueue.queueArn] }),
    );
    for (const schedule of schedules) {
      const made = new CfnSchedule(this, `Schedule-${schedule.name}`, {
        name: schedule.name,
        groupName: group.ref,
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: schedule.timeZone,
        flexibleTimeWindow: { mode: 'OFF' },
        state: schedule.enabled ? 'ENABLED' : 'DISABLED',
        target: {
          arn: orchestrator.alias.functionArn,
          roleArn: role.roleArn,
          input: Stack.of(this).toJsonString(inputOf(schedule)),
          retryPolicy,
          deadLetterConfig: { arn: failureQueue.queueArn },
        },
      });
      made.node.addDependency(role);
    }
  }
}

function inputOf({ name, sweep }: ScheduledSweep): object {
  return { sweep, schedule: { name, scheduledTime: '<aws.scheduler.scheduled-time>' } };
}
