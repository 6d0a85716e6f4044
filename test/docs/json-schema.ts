/** The parts of JSON Schema that our own schemas use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  /** Of an object: which of its keys exclude each other. */
  readonly oneOf?: readonly JsonSchema[];
  /** Keys that stand only beside others. */
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** The name of a definition that a schema refers to; null when it does not. */
export function referred({ $ref }: JsonSchema): string | null {
  return $ref?.replace('#/$defs/', '') ?? null;
}

/** The schema of a list's items. */
export function itemsOf({ items }: JsonSchema): JsonSchema {
  return items ? items : {};
}
