import type { Statement } from './iam.ts';
import { isList, isObject, type Json, type JsonObject } from './intrinsics.ts';
import { managedPolicy } from './managed-policies.ts';
import type { DeployedResource, Resources } from './resources.ts';

type Policies = Map<string, readonly Statement[]>;

/** What each role of a template may do, and what each bucket forbids. */
export function deployedPolicies(resources: Resources): { roles: Policies; bucketPolicies: Policies } {
  const roles: Policies = new Map();
  const bucketPolicies: Policies = new Map();
  const add = (to: Policies, name: string, statements: readonly Statement[]) =>
    to.set(name, [...(to.get(name) ?? []), ...statements]);
  const own = resources.ofType('AWS::IAM::ManagedPolicy');
  for (const { id, properties } of resources.ofType('AWS::IAM::Role'))
    add(roles, resources.nameOf(id), statementsOfRole(resources, own, properties));
  for (const { properties } of [...resources.ofType('AWS::IAM::Policy'), ...own])
    for (const role of listOf(properties['Roles']))
      add(roles, String(role), statementsOf(properties['PolicyDocument']));
  for (const { properties } of resources.ofType('AWS::S3::BucketPolicy'))
    add(bucketPolicies, String(properties['Bucket']), denialsOf(properties['PolicyDocument']));
  return { roles, bucketPolicies };
}

function statementsOfRole(resources: Resources, own: readonly DeployedResource[], role: JsonObject): Statement[] {
  const inline = listOf(role['Policies']).flatMap((policy) =>
    isObject(policy) ? statementsOf(policy['PolicyDocument']) : [],
  );
  const managed = listOf(role['ManagedPolicyArns'])
    .map(String)
    .flatMap((arn) => {
      const here = own.find(({ id }) => arn === resources.arnOf(id) || arn === resources.nameOf(id));
      return here ? statementsOf(here.properties['PolicyDocument']) : managedPolicy(arn);
    });
  return [...inline, ...managed];
}

/** A bucket's Denies, which must concern everybody; its Allows add nothing to what a role's own policies grant. */
function denialsOf(document: Json | undefined): Statement[] {
  const denials = statementsOf(document).filter(({ Effect }) => Effect === 'Deny');
  for (const { Principal } of denials) {
    const everybody = ['"*"', '{"AWS":"*"}', '{"AWS":["*"]}'].includes(JSON.stringify(Principal));
    if (!everybody) throw new Error(`a bucket's Deny for ${JSON.stringify(Principal)} is not evaluated locally`);
  }
  return denials;
}

function statementsOf(document: Json | undefined): Statement[] {
  const statements = isObject(document) ? listOf(document['Statement']) : [];
  return statements as unknown as Statement[];
}

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : isList(value) ? value : [value];
