import { stringify } from 'yaml';
import { type PresetName, presets } from './presets.ts';

/** A preset as the YAML of a sweep, sources as comments; the target is left to be filled in. */
export function presetText(name: PresetName): string {
  const { about, sweep, sources } = presets[name];
  const lines = [about, ...sources.flatMap(({ url, says }) => ['', says, url])];
  const comments = lines.flatMap((line) => wrapped(line, 98)).map((line) => `# ${line}`.trimEnd());
  const target = 'target:\n  url: http://127.0.0.1:8000/v1\n  model: my-model\n';
  return `${comments.join('\n')}\n\n${target}\n${stringify(sweep, { flowCollectionPadding: true })}`;
}

/** Lines of at most `width` characters, cut at blanks; a longer word stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
