import type { Argument, Command, Option } from 'commander';

/** What may follow: one of some words, a path, or something that only the user knows. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'free' };

/** An option as a shell should offer it. */
export interface CompletedOption {
  /** Such as `-h` and `--help`. */
  readonly names: readonly string[];
  readonly description: string;
  /** What its value is; null of an option that takes none. */
  readonly value: Completion | null;
}

/** A command as a shell should offer it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What stands without a flag. */
  readonly operand: Completion;
}

/** What a shell can offer after `paretoken`. */
export interface CompletionTree {
  readonly program: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly CompletedCommand[];
}

/** Commands and options as --help shows them, from commander's own tree. */
export function completionTree(root: Command): CompletionTree {
  const help = root.createHelp();
  const optionsOf = (command: Command) => help.visibleOptions(command).map(completedOption);
  const visible = help.visibleCommands(root);
  const names = visible.map((command) => command.name());
  return {
    program: root.name(),
    options: optionsOf(root),
    commands: visible.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: optionsOf(command),
      operand: command.name() === 'help' ? { kind: 'words', words: names } : operandOf(command.registeredArguments),
    })),
  };
}

function completedOption({ short, long, description, required, optional, flags, argChoices }: Option): CompletedOption {
  const takesValue = required || optional;
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    value: takesValue ? completionOf(/[<[]([^>\].]+)/.exec(flags)?.[1] ?? '', argChoices) : null,
  };
}

function operandOf([first]: readonly Argument[]): Completion {
  return first === undefined ? { kind: 'free' } : completionOf(first.name(), first.argChoices);
}

/** The name of a value tells what it is: `<dir>`, `<file>`. */
function completionOf(name: string, choices: readonly string[] | undefined): Completion {
  if (choices !== undefined) return { kind: 'words', words: choices };
  if (name === 'file') return { kind: 'file' };
  return { kind: name === 'dir' || name.startsWith('dir-') ? 'folder' : 'free' };
}
