import { globMatches } from './glob.ts';

/** Operator → condition key → value or values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Comparison = (actual: string, wanted: string) => boolean;

const equal: Comparison = (actual, wanted) => actual === wanted;
const like: Comparison = (actual, wanted) => globMatches(wanted, actual);

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: equal,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  NumericLessThan: (actual, wanted) => Number(actual) < Number(wanted),
};

/** Operators that hold when none of the values fits, also when the key is not in the request. */
const negations: Readonly<Record<string, Comparison>> = {
  StringNotEquals: equal,
  StringNotLike: like,
  ArnNotEquals: like,
  ArnNotLike: like,
};

/**
 * What every request is said to have: the local services speak plain http, but stand for servers that speak TLS, so
 * that the statements which deny anything else neither bite nor have to be left out.
 */
const transport = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/**
 * Whether all conditions of a statement hold; a key that the request lacks fails its condition unless the operator is
 * negated or ends in IfExists.
 * @throws Error for an operator that is not evaluated here, rather than a guess at its outcome
 */
export function conditionHolds(conditions: Conditions, context: Readonly<Record<string, string>>): boolean {
  const known: Readonly<Record<string, string>> = { ...transport, ...context };
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, known[key], wanted)),
  );
}

function holds(operator: string, actual: string | undefined, wanted: unknown): boolean {
  const values = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
  const base = operator.replace(/IfExists$/, '');
  const negated = negations[base];
  if (negated) return actual === undefined || !values.some((value) => negated(actual, value));
  const compare = comparisons[base];
  if (!compare) throw new Error(`the condition operator ${operator} is not known to the local IAM`);
  if (actual === undefined) return base !== operator;
  return values.some((value) => compare(actual, value));
}
