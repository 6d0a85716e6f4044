import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Tells cdk-nag why a policy under this construct names these resources with a wildcard: these, and no others. */
export function acknowledgeWildcards(scope: IConstruct, resources: readonly string[], reason: string): void {
  for (const resource of resources) {
    const id = `AwsSolutions-IAM5[Resource::${asFinding(Stack.of(scope).resolve(resource))}]`;
    Validations.of(scope).acknowledge({ id, reason });
  }
}

/** A resource of a policy as cdk-nag writes it in a finding, with references in angle brackets. */
function asFinding(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, ...functions } = resource as { readonly [name: string]: unknown };
  if (typeof Ref === 'string') return `<${Ref}>`;
  const { 'Fn::GetAtt': attribute, 'Fn::Join': join } = functions;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  const [, parts] = Array.isArray(join) ? join : [];
  return Array.isArray(parts) ? parts.map(asFinding).join('') : JSON.stringify(resource);
}
