/** Any JSON of a template. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What the intrinsic functions ask of the stack. */
export interface References {
  /** The value of `{ "Ref": name }`. */
  ref(name: string): Json;
  /** The value of `{ "Fn::GetAtt": [id, attribute] }`. */
  attribute(id: string, attribute: string): Json;
}

/**
 * Resolves the intrinsic functions of a template's value.
 * @throws Error for a function that is not evaluated here
 */
export function resolve(value: Json, references: References): Json {
  if (isList(value)) return value.map((one) => resolve(one, references)).filter((one) => one !== noValue);
  if (!isObject(value)) return value;
  const [name = '', ...others] = Object.keys(value);
  const argument = value[name];
  if (others.length === 0 && argument !== undefined && (name === 'Ref' || name.startsWith('Fn::')))
    return evaluate(name, argument, references);
  const entries = Object.entries(value).map(([key, one]) => [key, resolve(one, references)] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== noValue));
}

/** Stands for `AWS::NoValue`: the member or element that resolves to it is left out. */
export const noValue = 'AWS::NoValue';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

function evaluate(name: string, argument: Json, references: References): Json {
  const list = () => (isList(argument) ? argument : [argument]);
  const texts = (value: Json | undefined) => {
    const resolved = resolve(value ?? [], references);
    return isList(resolved) ? resolved.map(String) : [String(resolved)];
  };
  switch (name) {
    case 'Ref':
      return references.ref(String(argument));
    case 'Fn::GetAtt': {
      const [id = '', ...attribute] = isList(argument) ? argument.map(String) : String(argument).split('.');
      return references.attribute(id, attribute.join('.'));
    }
    case 'Fn::Join':
      return texts(list()[1]).join(String(list()[0]));
    case 'Fn::Split':
      return texts(list()[1]).join('').split(String(list()[0]));
    case 'Fn::Select':
      return texts(list()[1])[Number(list()[0])] ?? '';
    case 'Fn::Sub':
      return substitute(argument, references);
    default:
      throw new Error(`the intrinsic function ${name} is not evaluated locally`);
  }
}

function substitute(argument: Json, references: References): string {
  const [template, names] = isList(argument) ? argument : [argument, {}];
  const given = isObject(names) ? names : {};
  return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const value = given[name];
    if (value !== undefined) return String(resolve(value, references));
    const [id = '', ...attribute] = name.split('.');
    return String(attribute.length > 0 ? references.attribute(id, attribute.join('.')) : references.ref(id));
  });
}
