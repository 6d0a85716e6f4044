import { Argument, Command } from 'commander';
import type { CompletionTree } from './completion-tree.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that teaches a shell to complete commands, flags and paths')
    .addArgument(new Argument('<shell>', 'whose script to print').choices(shells))
    .addHelpText('after', help)
    .action(async (shell: (typeof shells)[number], _, self: Command) => {
      const { completionTree } = await import('./completion-tree.ts');
      const tree = completionTree(self.parent ?? self);
      process.stdout.write(await scripts[shell](tree));
    });
}

const scripts: Readonly<Record<(typeof shells)[number], (tree: CompletionTree) => Promise<string>>> = {
  bash: async (tree) => (await import('./bash-completion.ts')).bashCompletion(tree),
  zsh: async (tree) => (await import('./zsh-completion.ts')).zshCompletion(tree),
  fish: async (tree) => (await import('./fish-completion.ts')).fishCompletion(tree),
};

const help = `
It knows this version's flags: print it anew after an update.

Examples:
  $ source <(paretoken completion bash)                             # now; from ~/.bashrc for every shell
  $ paretoken completion zsh > "\${fpath[1]}/_paretoken"             # then begin a new zsh
  $ paretoken completion fish > ~/.config/fish/completions/paretoken.fish`;
