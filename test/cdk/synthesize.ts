import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Paretoken, type ParetokenProps } from '../../cdk/paretoken.ts';
import { ParetokenStack } from '../../cdk/paretoken-stack.ts';
import { readSettings } from '../../cdk/settings.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

/** Handlers of a line each, so that templates depend on no bundle. */
export const functionsFolder = join(import.meta.dirname, 'fixtures', 'functions');

const schedules = join(import.meta.dirname, '..', '..', 'examples', 'schedules');

export const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';

/** Context that uses everything the stack has. */
export const fullContext = {
  allowedTargets: [
    { host: 'llm.example.com', secret: 'llm-key' },
    { host: 'private.example.com:8443', parameter: '/llm/key', privateAddresses: true },
  ],
  secretKeyArns: [kmsKeyArn],
  athena: true,
  maxConcurrency: 50,
  vpc: { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] },
  kmsKeyArn,
};

/** The app of `cdk deploy` with the given context, not synthesized yet; CDK's own checks take seconds. */
export function appWith(
  context: Readonly<Record<string, unknown>> = {},
  { validated = false } = {},
): { app: App; stack: ParetokenStack } {
  const app = new App({ context: cdkJson.context, builtinCloudFormationValidation: validated });
  const settings = readSettings({ schedules, ...context });
  return { app, stack: new ParetokenStack(app, settings.stackName, { settings, functionsFolder }) };
}

/** The template of `cdk deploy` with the given context. */
export function templateWith(context: Readonly<Record<string, unknown>> = {}): Template {
  return Template.fromStack(appWith(context).stack);
}

/** The template of somebody's own stack that holds the construct. */
export function templateOf(props: ParetokenProps | ((stack: Stack) => ParetokenProps)): Template {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Own');
  const given = typeof props === 'function' ? props(stack) : props;
  new Paretoken(stack, 'Bench', { functionsFolder, ...given });
  return Template.fromStack(stack);
}

/** A folder with the given files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'schedules-'));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
