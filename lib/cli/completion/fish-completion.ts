import type { CompletedCommand, CompletedOption, Completion, CompletionTree } from './completion-tree.ts';

/** A script that teaches fish to complete the program. */
export function fishCompletion({ program, options, commands }: CompletionTree): string {
  const complete = `complete -c ${program}`;
  const first = [
    ...commands.map(({ name, description }) => `-f -a ${name} -d ${quoted(description)}`),
    ...options.map(optionWords),
  ];
  const later = commands.flatMap((command) =>
    afterCommand(command).map((words) => `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)} ${words}`),
  );
  const lines = [...first.map((words) => `-n __fish_use_subcommand ${words}`), ...later];
  return `# fish completion of ${program}\n${lines.map((line) => `${complete} ${line}\n`).join('')}`;
}

function afterCommand({ options, operand }: CompletedCommand): string[] {
  return [candidates(operand), ...options.map(optionWords)];
}

function optionWords({ names, description, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = value === null ? [] : ['-r', candidates(value)];
  return [...flags, '-d', quoted(description), ...takes].join(' ');
}

function candidates(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return `-f -a ${quoted(completion.words.join(' '))}`;
    case 'file':
      return '-F';
    case 'folder':
      return "-f -a '(__fish_complete_directories)'";
    case 'free':
      return '-f';
  }
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
