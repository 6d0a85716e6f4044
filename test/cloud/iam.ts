import { globMatches } from './glob.ts';
import { type Conditions, conditionHolds } from './iam-condition.ts';

type OneOrMore = string | readonly string[];

/** A statement of an identity or resource policy, its intrinsics resolved. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Conditions;
  readonly Principal?: unknown;
}

/** What is asked of the policies. */
export interface AccessRequest {
  /** `service:Operation`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys such as `s3:prefix`. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Decision = 'allowed' | 'no_allow' | 'explicit_deny';

/** Evaluates policies as IAM does: a Deny that fits outweighs every Allow, and without an Allow nothing is allowed. */
export function decide(statements: readonly Statement[], request: AccessRequest): Decision {
  const fitting = statements.filter((statement) => fits(statement, request));
  if (fitting.some(({ Effect }) => Effect === 'Deny')) return 'explicit_deny';
  return fitting.length > 0 ? 'allowed' : 'no_allow';
}

function fits(statement: Statement, { action, resource, context = {} }: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const named = (patterns: OneOrMore | undefined, text: string, ignoreCase: boolean) =>
    listOf(patterns).some((pattern) => globMatches(pattern, text, ignoreCase));
  const actionFits = NotAction === undefined ? named(Action, action, true) : !named(NotAction, action, true);
  const resourceFits =
    NotResource === undefined ? named(Resource, resource, false) : !named(NotResource, resource, false);
  return actionFits && resourceFits && conditionHolds(Condition ?? {}, context);
}

const listOf = (value: OneOrMore | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
