import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  type AllowedTarget,
  AllowedTargetsError,
  type AskedTarget,
  parseAllowedTargets,
  targetRefusal,
} from '../lib/target/allowed-targets.ts';

const wholeSecretArn = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;
const secretName = /^(?!arn:)[A-Za-z0-9/_+=.@-]{1,512}$/;
const parameterName = /^[A-Za-z0-9_./-]{1,1011}$/;

/** A function's environment holds 4 KB in all; the rest is for the other variables. */
const largestListBytes = 3500;

/** What is wrong with a list of pairs, each fault after its place: `[0].host must be …`. */
export function faultsOfTargets(targets: readonly AllowedTarget[]): readonly string[] {
  return [...faultsOfReading(targets), ...faultsOfKeys(targets), ...faultsOfSize(targets)];
}

/** Whether a value is known only on deployment. */
const isOpen = (value: unknown) => Token.isUnresolved(value);

/** What the functions would refuse to read; a host that is known only on deployment is not judged. */
function faultsOfReading(targets: readonly AllowedTarget[]): readonly string[] {
  const known = targets.map((target) => (isOpen(target?.host) ? { ...target, host: 'known.later' } : target));
  try {
    parseAllowedTargets(JSON.stringify(known));
    return [];
  } catch (error) {
    if (error instanceof AllowedTargetsError) return error.faults;
    throw error;
  }
}

/** Names that would not stand for one secret or parameter in a policy. */
function faultsOfKeys(targets: readonly AllowedTarget[]): string[] {
  return targets.flatMap((target, index) => {
    const { secret, parameter }: Partial<AllowedTarget> = target ?? {};
    const isSecret = (name: string) => isOpen(name) || wholeSecretArn.test(name) || secretName.test(name);
    const faults: string[] = [];
    if (typeof secret === 'string' && !isSecret(secret))
      faults.push(
        `[${index}].secret must be the name of a secret, or its whole ARN with the six characters at its end`,
      );
    if (typeof parameter === 'string' && !isOpen(parameter) && !parameterName.test(parameter))
      faults.push(`[${index}].parameter must be the name of a parameter, such as /llm/key`);
    return faults;
  });
}

function faultsOfSize(targets: readonly AllowedTarget[]): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(targets));
  if (bytes <= largestListBytes) return [];
  const remedy = 'name secrets instead of giving ARNs, or deploy a second stack';
  return [` take ${bytes} bytes as JSON, more than the ${largestListBytes} that fit: ${remedy}`];
}

/** What a role's policy names for a secret; a name leaves open only the six characters that Secrets Manager adds. */
export function secretResource(scope: Construct, secret: string): string {
  if (Token.isUnresolved(secret) || secret.startsWith('arn:')) return secret;
  return Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secret}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** What a role's policy names for a parameter, whose ARN has one slash whether or not its name begins with one. */
export function parameterResource(scope: Construct, parameter: string): string {
  const resourceName = parameter.startsWith('/') ? parameter.slice(1) : parameter;
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
}

/** Why a target would be refused once it is deployed; null when it would not, or when that is not known before. */
export function refusalOf(target: AskedTarget, targets: readonly AllowedTarget[]): string | null {
  const laterKnown = targets.some(({ host, secret, parameter }) => [host, secret, parameter].some(isOpen));
  return laterKnown ? null : targetRefusal(target, parseAllowedTargets(JSON.stringify(targets)));
}
