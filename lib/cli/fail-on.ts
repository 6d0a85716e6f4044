import type { Command } from 'commander';
import { type Condition, readCondition } from '../report/condition.ts';
import { conditionRefusals } from '../report/condition-refusals.ts';
import { type FailedCondition, judgeConditions, unjudged } from '../report/judge-conditions.ts';
import type { Report } from '../report/report.ts';
import type { Spec } from '../spec/schema.ts';
import { exitConditionHolds, RefusedError } from './exit.ts';

/** What a command was asked to fail on. */
export interface FailOnFlags {
  readonly failOn?: readonly Condition[];
}

export function addFailOn(command: Command): Command {
  const help = 'exit 1 if this holds of a level, or can\'t be judged: "ttft.p95@8>500"; may be repeated';
  return command.option('--fail-on <condition>', help, collect).hook('preAction', (self) => {
    const { failOn } = self.opts<{ readonly failOn?: readonly string[] }>();
    if (failOn !== undefined) self.setOptionValue('failOn', readConditions(failOn));
  });
}

const collect = (text: string, before: readonly string[] = []) => [...before, text];

/** @throws RefusedError with what is wrong with each that can't be read */
export function readConditions(texts: readonly string[]): readonly Condition[] {
  const all = texts.map((text) => ({ text, ...readCondition(text) }));
  refuse(
    all.flatMap(({ text, fault }) => (fault === undefined ? [] : [`--fail-on ${JSON.stringify(text)}: ${fault}`])),
  );
  return all.flatMap(({ condition }) => condition ?? []);
}

/** For --help, under a command's own examples. */
export const failOnHelp = `
--fail-on METRIC[.PERCENTILE][@LEVEL] OPERATOR LIMIT, quoted, since a shell redirects > and <
  ttft ttfo tpot latency        in milliseconds, with .p50 .p90 .p95 .p99 or .mean; failed requests count as never
                                answered, but in a mean
  throughput totalThroughput    output tokens, and those with the prompts', a second
  requests                      a second
  errors goodput                shares from 0 to 1
Without @LEVEL every level is judged. Operators: > >= < <=`;

/** @throws RefusedError with every condition that a sweep could never judge */
export function refuseUnjudgeable(conditions: readonly Condition[], spec: Spec): void {
  refuse(conditionRefusals(conditions, spec));
}

function refuse(refusals: readonly string[]): void {
  if (refusals.length > 0) throw new RefusedError(`${refusals.join('\n       ')}\nNothing was sent or written.`);
}

/** Conditions held against a report, null where it can't be read. */
export function failuresOf(report: Report | null, conditions: readonly Condition[]): readonly FailedCondition[] {
  return report === null ? unjudged(conditions, 'there is no report') : judgeConditions(report, conditions);
}

/** A line on stderr for each condition that fails, or one that none does. */
export function tellConditions(failures: readonly FailedCondition[], conditions: readonly Condition[]): void {
  if (conditions.length === 0) return;
  const passed =
    conditions.length === 1 ? `${conditions[0]?.text} does not hold` : `none of ${conditions.length} holds`;
  const lines = failures.length === 0 ? [passed] : failures.map(({ text }) => text);
  process.stderr.write(lines.map((line) => `--fail-on: ${line}\n`).join(''));
}

/** The last line of --json; `failOn` is null without conditions. */
export function reportEvent(path: string, exitCode: number | null, failOn: readonly FailedCondition[] | null): string {
  return JSON.stringify({ kind: 'report', path, exitCode, ...(failOn === null ? {} : { failOn }) });
}

/** 1 where a condition fails and nothing worse has happened; else the sweep's own code. */
export function codeWith<T extends number>(own: T, failures: readonly FailedCondition[]): T | 1 {
  return own === 0 && failures.length > 0 ? exitConditionHolds : own;
}
