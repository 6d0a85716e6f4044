import { SecretError } from './secret-error.ts';

/** A stored text in which a key is looked for. */
export interface StoredText {
  /** In words: `the secret "llm/key"`. */
  readonly place: string;
  readonly text: string;
  /** The key of a JSON object under which the value stands; null: the text is the value. */
  readonly field: string | null;
}

/**
 * The key in a stored text.
 * @throws SecretError when there is none that can be sent; it repeats nothing of the text
 */
export function keyIn({ place, text, field }: StoredText): string {
  const object = objectIn(text);
  if (field === null && object !== null) {
    throw new SecretError(
      'FieldNeeded',
      `${place} is a JSON object: name the key of it that holds the endpoint's key under target.auth.field`,
    );
  }
  const value = field === null ? text : fieldOf(object, place, field);
  const where = field === null ? place : `the field "${field}" of ${place}`;
  if (value === '') throw new SecretError('Empty', `${where} is empty: store the endpoint's key there`);
  if (/[^\t -~\u0080-\u00ff]/.test(value)) {
    throw new SecretError(
      'Unsendable',
      `${where} holds a character that can't be sent in a header, such as a line end: store the key alone`,
    );
  }
  return value;
}

function fieldOf(object: Readonly<Record<string, unknown>> | null, place: string, field: string): string {
  if (object === null) {
    throw new SecretError(
      'NoJson',
      `${place} is no JSON object, so that it has no field "${field}": leave target.auth.field out, or store an object`,
    );
  }
  if (!Object.hasOwn(object, field)) {
    throw new SecretError(
      'NoField',
      `${place} has no field "${field}": check target.auth.field against the keys of the secret`,
    );
  }
  const value = object[field];
  if (typeof value === 'string') return value;
  throw new SecretError(
    'NoText',
    `the field "${field}" of ${place} is no text: store the endpoint's key as a JSON string`,
  );
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    // What the parser says of the text would repeat a part of it.
    return null;
  }
}
