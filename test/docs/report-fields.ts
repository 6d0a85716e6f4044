import { itemsOf, type JsonSchema, referred } from './json-schema.ts';

/** Objects of the report's schema that get a table of their own, with the title of each, in reading order. */
const titles: Readonly<Record<string, string>> = {
  '': 'The report',
  target: 'Target',
  machine: 'Machine',
  probe: 'Probe',
  line: 'Line',
  failure: 'Failure',
  point: 'Point',
  cell: 'Cell',
  errors: 'Errors',
  message: 'Message',
  distribution: 'Distribution',
  gaps: 'Gaps',
  rate: 'Rate',
  slice: 'Slice',
  usage: 'Usage',
  cost: 'Cost',
  goodput: 'Goodput',
  slo: 'Objective',
  sloCheck: 'Check',
  client: 'Client',
  workerWords: 'Words of workers',
  validity: 'Validity',
  reason: 'Reason',
  note: 'Note',
  notebook: 'Notebook',
  notebookPass: 'Pass of the notebook',
  notebookLevel: 'Level of the notebook',
  curve: 'Curve',
  knee: 'Knee',
  answers: 'Answers',
  ended: 'End',
};

/** Said in a word where they stand. */
const words: Readonly<Record<string, string>> = {
  count: 'whole number',
  percentile: 'number or null',
  percentileWithFailures: 'number, `"not_reached"` or null',
  interval: '`[low, high]`, each a number or null',
  intervals: 'by percentile: `[low, high]`, each a number or null',
  withFailures: 'by percentile: a number, `"not_reached"` or null',
  sloVerdict: '`"met"`, `"missed"` or `"undecided"`',
  spec: '[the spec](spec.md), durations in ms',
};

/** Tables of all fields of the report, from its JSON Schema. */
export function reportFields(schema: JsonSchema): string {
  const definitions = schema.$defs ?? {};
  return Object.entries(titles)
    .map(([name, title]) => fieldTable(title, name === '' ? schema : definitions[name]))
    .join('\n\n');
}

/** The definitions that are told: in a table or in a word. */
export const toldDefinitions = [...Object.keys(titles), ...Object.keys(words)];

function fieldTable(title: string, object: JsonSchema | undefined): string {
  const rows = Object.entries(object?.properties ?? {}).map(
    ([name, field]) => `| \`${name}\` | ${typeName(field)} | ${field.description ?? ''} |`,
  );
  return [`### ${title}`, '', '| field | type | meaning |', '|---|---|---|', ...rows].join('\n');
}

const names: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'map',
  null: 'null',
};

function typeName(field: JsonSchema): string {
  const name = referred(field);
  if (name !== null)
    return words[name] ?? `[${titles[name]?.toLowerCase()}](#${titles[name]?.toLowerCase().replaceAll(' ', '-')})`;
  if (field.anyOf) return orList(field.anyOf.map(typeName));
  if (field.const !== undefined) return code(field.const);
  if (field.enum) return orList(field.enum.map(code));
  if (field.type === 'array') return `list of ${plural(typeName(itemsOf(field)))}`;
  return orList([field.type ?? []].flat().map((type) => names[type] ?? type));
}

/** `whole numbers`; what is code or a link stays as it is. */
function plural(name: string): string {
  return /^[a-z ]+$/.test(name) ? `${name}s` : name;
}

function code(value: unknown): string {
  return value === null ? 'null' : `\`${JSON.stringify(value)}\``;
}

function orList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;
}
