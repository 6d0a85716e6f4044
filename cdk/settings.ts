import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { describeFault } from '../lib/spec/fault.ts';
import type { AllowedTarget } from '../lib/target/allowed-targets.ts';
import { faultsOfTargets } from './allowed-targets.ts';
import { ConfigurationError } from './configuration-error.ts';
import { faultsOf } from './faults-of.ts';

const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
  return z.int(message).min(least, message).max(most, message);
};

const text = (pattern: RegExp, message: string) => z.string(message).regex(pattern, message);

const keyArn = text(
  /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/,
  'must be the ARN of a key, arn:aws:kms:…:key/…',
);

const vpc = z.strictObject(
  {
    vpcId: text(/^vpc-[0-9a-f]{8,17}$/, 'must be the id of a VPC, vpc-…'),
    subnetIds: z
      .array(text(/^subnet-[0-9a-f]{8,17}$/, 'must be the id of a subnet, subnet-…'), 'must be a list of subnets')
      .nonempty('needs at least one subnet'),
    securityGroupIds: z
      .array(
        text(/^sg-[0-9a-f]{8,17}$/, 'must be the id of a security group, sg-…'),
        'must be a list of security groups',
      )
      .default([]),
  },
  'must be a map with vpcId and subnetIds',
);

const retentionDays = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** The context of the stack, in cdk.json or after `-c`: the one source of parsing, defaults and docs/deploy.md. */
export const settingsSchema = z.strictObject({
  stackName: text(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be letters, digits and -, at most 100, a letter first')
    .default('Paretoken')
    .describe('Name of the stack.'),
  allowedTargets: z
    .array(z.custom<AllowedTarget>(), 'must be a list such as [{"host": "llm.example.com", "secret": "llm-key"}]')
    .default([])
    .describe('Endpoints that may be measured, each with the key that may be sent to it.'),
  secretKeyArns: z
    .array(keyArn, 'must be a list of ARNs of keys')
    .default([])
    .describe('Your own KMS keys, where they encrypt those secrets or parameters.'),
  recordDays: whole(1, 36_500).default(90).describe('Days after which records expire; reports stay.'),
  schedules: z
    .string('must be the path of a folder')
    .min(1, 'must be the path of a folder')
    .default('examples/schedules')
    .describe('Folder of schedules, a file each.'),
  athena: z.boolean('must be true or false').default(false).describe('Make a table over the records for Athena.'),
  workerMemoryMb: whole(512, 10_240).default(1769).describe('MiB of a worker; 1,769 are one whole vCPU.'),
  aggregatorMemoryMb: whole(512, 10_240).default(3008).describe('MiB of the aggregator.'),
  maxConcurrency: whole(1, 100_000)
    .nullable()
    .default(null)
    .describe('Workers at once, taken from the account’s concurrency and kept for them.'),
  longestSweepHours: whole(1, 8760)
    .default(24)
    .describe('Hours after which a sweep is ended; one that may take longer is refused.'),
  vpc: vpc
    .nullable()
    .default(null)
    .describe('Where workers run to reach private endpoints: `{vpcId, subnetIds, securityGroupIds}`.'),
  kmsKeyArn: keyArn.nullable().default(null).describe('Your own KMS key for the bucket.'),
  removalPolicy: z
    .enum(['retain', 'destroy'], 'must be retain or destroy')
    .default('retain')
    .describe('What becomes of the bucket when the stack is deleted; `destroy` deletes every result.'),
  logRetentionDays: z
    .literal(retentionDays, `must be one of ${retentionDays.join(', ')}`)
    .default(RetentionDays.ONE_MONTH)
    .describe('Days for which logs are kept.'),
});

export type Settings = z.output<typeof settingsSchema>;
export type NetworkSettings = NonNullable<Settings['vpc']>;

const names = Object.keys(settingsSchema.shape);

/**
 * The settings in an app's context, where values after `-c` are texts. Other context, such as feature flags, is left
 * alone, unless its name is nearly that of a setting.
 * @throws ConfigurationError with every fault at once
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = Object.fromEntries(
    names.filter((name) => context[name] !== undefined).map((name) => [name, asGiven(name, context[name])]),
  );
  const targets = given['allowedTargets'];
  const parsed = settingsSchema.safeParse(given, { reportInput: true });
  const faults = [
    ...misspelt(Object.keys(context)),
    ...(Array.isArray(targets) ? faultsOfTargets(targets).map((fault) => `allowedTargets${fault}`) : []),
    ...(parsed.success ? [] : faultsOf(parsed.error)).map(describeFault),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigurationError(faults);
  return parsed.data;
}

const textSettings: readonly string[] = ['stackName', 'schedules', 'kmsKeyArn', 'removalPolicy'];

function asGiven(name: string, given: unknown): unknown {
  if (typeof given !== 'string' || textSettings.includes(name)) return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

function misspelt(keys: readonly string[]): string[] {
  return keys
    .filter((key) => !names.includes(key) && /^[A-Za-z_-]+$/.test(key))
    .map((key) => ({ key, nearest: closest(key, names) }))
    .filter(({ key, nearest }) => distance(key.toLowerCase(), nearest.toLowerCase()) <= 2)
    .map(({ key, nearest }) => `${key} is no setting: did you mean ${nearest}?`);
}
