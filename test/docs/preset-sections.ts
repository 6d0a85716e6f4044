import { sloText } from '../../lib/report/slo-texts.ts';
import { workloadText } from '../../lib/report/workload-text.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { presetNames, presets } from '../../lib/spec/presets.ts';

/** A section for each preset: what it says, and its sources. */
export function presetSections(): string {
  return presetNames
    .map((name) => {
      const { about, sources } = presets[name];
      const spec = parseSpec(`{target: {url: "http://127.0.0.1/v1"}, preset: ${name}}`);
      const lines = [
        `- Asked: ${workloadText(spec.workload)}.`,
        `- Levels: ${spec.load.levels.join(', ')}.`,
        ...(spec.slo === null ? [] : [`- Held to: ${sloText(spec.slo)}.`]),
        ...sources.map(({ url, says }) => `- ${says} [Source](${url})`),
      ];
      return `## ${name}\n\n${about}\n\n${lines.join('\n')}`;
    })
    .join('\n\n');
}
