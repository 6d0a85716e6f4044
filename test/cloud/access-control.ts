import { AwsError } from './aws-error.ts';
import { type Caller, isAdmin, roleOf } from './caller.ts';
import { type AccessRequest, decide, type Statement } from './iam.ts';

export interface AccessPolicies {
  /** Role name → the statements of its policies. */
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
  /** Bucket name → the statements of its policy. */
  readonly buckets: ReadonlyMap<string, readonly Statement[]>;
}

/** How a service calls its refusals. */
export interface AccessCodes {
  readonly denied: string;
  /** Of credentials that are nobody's. */
  readonly unknown: string;
}

const jsonCodes: AccessCodes = { denied: 'AccessDeniedException', unknown: 'UnrecognizedClientException' };

/** Asks the roles' policies before anything is done; the admin may do all. */
export class AccessControl {
  /** Every request that was refused: `role action resource`. */
  readonly denied: string[] = [];
  readonly #policies: AccessPolicies;

  constructor(policies: AccessPolicies) {
    this.#policies = policies;
  }

  /** @throws AwsError 403 when the caller is unknown or its policies don't allow the request */
  check(caller: Caller | null, request: AccessRequest, codes: AccessCodes = jsonCodes): void {
    if (caller === null) throw new AwsError(403, codes.denied, 'the request bears no credentials');
    if (isAdmin(caller)) return;
    const role = roleOf(caller);
    if (role === null || !this.#policies.roles.has(role))
      throw new AwsError(403, codes.unknown, 'The security token included in the request is invalid.');
    if (this.allows(caller, request)) return;
    const { action, resource } = request;
    this.denied.push(`${role} ${action} ${resource}`);
    throw new AwsError(
      403,
      codes.denied,
      `User: ${role} is not authorized to perform: ${action} on resource: ${resource}`,
    );
  }

  /** Whether a caller may do something, without a trace in `denied`. */
  allows(caller: Caller, request: AccessRequest): boolean {
    if (isAdmin(caller)) return true;
    const statements = this.#policies.roles.get(roleOf(caller) ?? '') ?? [];
    const bucket = /^arn:aws:s3:::([^/]+)/.exec(request.resource)?.[1];
    const denials = (this.#policies.buckets.get(bucket ?? '') ?? []).filter(({ Effect }) => Effect === 'Deny');
    return decide([...statements, ...denials], request) === 'allowed';
  }
}
