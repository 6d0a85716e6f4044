import { randomUUID } from 'node:crypto';
import type { LambdaEmulator } from './lambda-emulator.ts';
import type { ScheduleModel } from './stack-model.ts';

/** Fires schedules when a test says so; nothing fires by itself, and a disabled schedule fires like any other. */
export class Scheduler {
  readonly #schedules: readonly ScheduleModel[];
  readonly #lambda: LambdaEmulator;

  constructor(schedules: readonly ScheduleModel[], lambda: LambdaEmulator) {
    this.#schedules = schedules;
    this.#lambda = lambda;
  }

  /**
   * Delivers a schedule's event, in the name of the schedule's role, as the scheduler does at `scheduledTime`.
   * @throws Error when there is no such schedule, AwsError when its role may not invoke the target
   */
  fire(name: string, scheduledTime: Date): void {
    const schedule = this.#schedules.find((one) => one.name === name || one.name.endsWith(`-${name}`));
    if (!schedule) {
      const names = this.#schedules.map((one) => one.name).join(', ') || 'none';
      throw new Error(`the stack has no schedule ${name}; it has ${names}`);
    }
    const { input, roleName, targetArn } = schedule;
    this.#lambda.invokeEvent(roleName, targetArn, Buffer.from(filledIn(input, scheduledTime)));
  }
}

/** The keywords that EventBridge Scheduler replaces in a target's input, each delivery anew. */
function filledIn(input: string, scheduledTime: Date): string {
  const seconds = scheduledTime.toISOString().replace(/\.\d+Z$/, 'Z');
  const keywords: Readonly<Record<string, string>> = {
    'scheduled-time': seconds,
    'execution-id': randomUUID(),
    'attempt-number': '1',
    'schedule-arn': 'arn:aws:scheduler:::local',
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, keyword: string) => keywords[keyword] ?? whole);
}
