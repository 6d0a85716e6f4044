import { readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { deployedFunctions } from './deployed-functions.ts';
import { deployedPolicies } from './deployed-policies.ts';
import { isObject, type Json, type JsonObject, resolve } from './intrinsics.ts';
import { Resources } from './resources.ts';
import { roleNameOf } from './role-name.ts';
import type { ScheduleModel, StackModel } from './stack-model.ts';

/**
 * Reads what a stack of a synthesized cloud assembly deploys, its names made up as CloudFormation does where the
 * template gives none.
 * @param assembly the folder that `cdk synth` wrote
 */
export function readStack(assembly: string, stackName: string): StackModel {
  const { id, name } = findStack(assembly, stackName);
  const template = readJson(join(assembly, `${id}.template.json`));
  const resources = new Resources(name, template);
  const assets = assetFolders(assembly, id);
  const { roles, bucketPolicies } = deployedPolicies(resources);
  const outputs = isObject(template['Outputs']) ? template['Outputs'] : {};
  return {
    name,
    description: typeof template['Description'] === 'string' ? template['Description'] : null,
    functions: deployedFunctions(resources, assets),
    buckets: resources.ofType('AWS::S3::Bucket').map(({ id }) => resources.nameOf(id)),
    queues: resources.ofType('AWS::SQS::Queue').map(({ id }) => resources.arnOf(id)),
    schedules: deployedSchedules(resources),
    roles,
    bucketPolicies,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([key, output]) => {
        const value = isObject(output) ? (output['Value'] ?? '') : '';
        return [key, String(resolve(value, resources))];
      }),
    ),
  };
}

export const readJson = (path: string): JsonObject => JSON.parse(readFileSync(path, 'utf8')) as JsonObject;

/** The manifest's entry whose stack bears the name. */
function findStack(assembly: string, stackName: string): { id: string; name: string } {
  const manifest = readJson(join(assembly, 'manifest.json'));
  const artifacts = isObject(manifest['artifacts']) ? Object.entries(manifest['artifacts']) : [];
  const stacks = artifacts.flatMap(([id, artifact]) => {
    if (!isObject(artifact) || artifact['type'] !== 'aws:cloudformation:stack') return [];
    const properties = isObject(artifact['properties']) ? artifact['properties'] : {};
    return [{ id, name: String(properties['stackName'] ?? id) }];
  });
  const found = stacks.find(({ name }) => name === stackName);
  if (!found) {
    const names = stacks.map(({ name }) => name).join(', ') || 'none';
    throw new Error(`the assembly ${assembly} has no stack ${stackName}; it has ${names}`);
  }
  return found;
}

/** Asset hash → the folder that is uploaded as a function's code. */
function assetFolders(assembly: string, id: string): ReadonlyMap<string, string> {
  const { files } = readJson(join(assembly, `${id}.assets.json`));
  const entries = Object.entries(isObject(files) ? files : {}).map(([hash, file]) => {
    const source = isObject(file) && isObject(file['source']) ? file['source'] : {};
    return [hash, resolvePath(assembly, String(source['path'] ?? ''))] as const;
  });
  return new Map(entries);
}

function deployedSchedules(resources: Resources): ScheduleModel[] {
  return resources.ofType('AWS::Scheduler::Schedule').map(({ id, properties }) => {
    const target = objectAt(properties, 'Target');
    return {
      name: resources.nameOf(id),
      group: String(properties['GroupName'] ?? 'default'),
      expression: String(properties['ScheduleExpression'] ?? ''),
      timeZone: textOrNull(properties['ScheduleExpressionTimezone']),
      enabled: properties['State'] !== 'DISABLED',
      targetArn: String(target['Arn']),
      roleName: roleNameOf(String(target['RoleArn'])),
      input: String(target['Input'] ?? '{}'),
    };
  });
}

const objectAt = (value: JsonObject, key: string): JsonObject => (isObject(value[key]) ? value[key] : {});
const textOrNull = (value: Json | undefined) => (typeof value === 'string' ? value : null);
