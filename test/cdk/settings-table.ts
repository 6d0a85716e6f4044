import { readSettings, settingsSchema } from '../../cdk/settings.ts';

/** The table of settings in docs/deploy.md. */
export function settingsTable(): string {
  const defaults: Readonly<Record<string, unknown>> = readSettings({});
  const rows = Object.entries(settingsSchema.shape).map(
    ([name, { description }]) => `| \`${name}\` | ${description} | ${shown(defaults[name])} |`,
  );
  return ['| setting | meaning | default |', '|---|---|---|', ...rows].join('\n');
}

function shown(value: unknown): string {
  const isNothing = value === null || (Array.isArray(value) && value.length === 0);
  return isNothing ? 'none' : `\`${value}\``;
}
