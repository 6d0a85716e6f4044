import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Argument, Command, Option } from 'commander';
import { bashCompletion } from '../../../lib/cli/completion/bash-completion.ts';
import { completionTree } from '../../../lib/cli/completion/completion-tree.ts';
import { fishCompletion } from '../../../lib/cli/completion/fish-completion.ts';
import { zshCompletion } from '../../../lib/cli/completion/zsh-completion.ts';
import { inEmptyFolder, paretoken } from '../command-line.ts';

/** A program with one of everything that can be completed, and descriptions that a shell could stumble over. */
function sampleTree() {
  const root = new Command('sample').version('1');
  const press = new Command('press')
    .description('don\'t [press] \\ `echo oops` $HOME: "now"')
    .argument('[file]', 'what to press')
    .option('--out <dir>', 'a folder')
    .option('--prompts <file>', 'a file')
    .option('--url <url>', "it's an address")
    .addOption(new Option('--profile <name>', 'a name').choices(['small', 'large']))
    .option('--resume [dir...]', 'a folder, or none')
    .option('--quiet', 'no words')
    .addOption(new Option('--secret', 'not to be seen').hideHelp());
  const shell = new Command('shell').addArgument(new Argument('<shell>').choices(['bash', 'fish']));
  root.addCommand(press).addCommand(shell).addCommand(new Command('prune'));
  return completionTree(root);
}

/** What bash offers where the cursor stands at the end of the last word. */
function offered(script: string, words: readonly string[], cwd: string): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const ask = `${script}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _${words[0]}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const told = execFileSync('bash', ['--norc', '-c', ask], { cwd, encoding: 'utf8' });
  return told
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe('bash completes', () => {
  const cases: readonly (readonly [words: readonly string[], offers: readonly string[], why: string])[] = [
    [['pr'], ['press', 'prune'], 'commands by their beginning'],
    [['--v'], ['--version'], 'flags of the program itself'],
    [['press', '--q'], ['--quiet'], 'flags of a command'],
    [['press', '--sec'], [], 'no flag that --help hides'],
    [['prune', '--q'], [], 'no flag of another command'],
    [['press', '--'], ['--help', '--out', '--profile', '--prompts', '--quiet', '--resume', '--url'], 'all flags'],
    [['press', '--profile', ''], ['large', 'small'], 'choices of a flag'],
    [['press', '--profile', 's'], ['small'], 'choices by their beginning'],
    [['press', '--profile', '=', 'l'], ['large'], 'a value after ='],
    [['press', '--profile', '='], ['large', 'small'], 'right after ='],
    [['press', '--out', ''], ['a folder'], 'folders where one is asked for'],
    [['press', '--resume', ''], ['a folder'], 'folders where one may stand'],
    [['press', '--prompts', ''], ['a file.yaml', 'a folder'], 'files where one is asked for, spaces and all'],
    [['press', ''], ['a file.yaml', 'a folder'], 'files as what a command is about'],
    [['press', '--quiet', 'a fi'], ['a file.yaml'], 'the same after a flag without a value'],
    [['press', '--url', ''], [], 'nothing that only the user knows'],
    [['shell', ''], ['bash', 'fish'], 'choices of a command'],
    [['help', 'pre'], ['press'], 'commands after help'],
    [['unknown', ''], [], 'nothing of an unknown command'],
  ];
  for (const [words, offers, why] of cases) {
    test(`${why}: ${words.join(' ')}`, () =>
      inEmptyFolder(async (cwd) => {
        await mkdir(join(cwd, 'a folder'));
        await writeFile(join(cwd, 'a file.yaml'), '');
        assert.deepEqual(offered(bashCompletion(sampleTree()), ['sample', ...words], cwd), offers);
      }));
  }
});

describe('other shells', () => {
  test('zsh is told what each flag takes; nothing in a description is left to the shell', () => {
    const script = zshCompletion(sampleTree());
    assert.match(script, /^#compdef sample\n/);
    assert.match(script, /'\*--profile\[a name\]:value:\(small large\)'/);
    assert.match(script, /'\*--out\[a folder\]:value:_files -\/'/);
    assert.match(script, /'\*--url\[it'\\''s an address\]:value: '/);
    assert.match(script, /'press:don'\\''t \[press\]/);
  });

  test('fish is told what each flag takes', () => {
    const script = fishCompletion(sampleTree());
    assert.match(script, /-n '__fish_seen_subcommand_from press' -l profile -d 'a name' -r -f -a 'small large'\n/);
    assert.match(script, /-l out -d 'a folder' -r -f -a '\(__fish_complete_directories\)'\n/);
    assert.match(script, /-l quiet -d 'no words'\n/);
    assert.match(script, /-n __fish_use_subcommand -f -a press -d 'don\\'t \[press\]/);
  });

  for (const [shell, script] of [
    ['zsh', zshCompletion(sampleTree())],
    ['fish', fishCompletion(sampleTree())],
  ] as const) {
    const isHere = spawnSync(shell, ['--version']).error === undefined;
    test(`${shell} can read it`, { skip: isHere ? false : `there is no ${shell} on this machine` }, () =>
      inEmptyFolder(async (cwd) => {
        await writeFile(join(cwd, 'script'), script);
        const { status, stderr } = spawnSync(shell, ['-n', 'script'], { cwd, encoding: 'utf8' });
        assert.deepEqual([status, stderr], [0, '']);
      }),
    );
  }
});

test('paretoken completion bash: its own commands, flags and choices', () =>
  inEmptyFolder(async (cwd) => {
    const { code, stdout, stderr } = await paretoken(['completion', 'bash'], { cwd });
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(offered(stdout, ['paretoken', 'sel'], cwd), ['selftest']);
    assert.deepEqual(offered(stdout, ['paretoken', 'run', '--fail'], cwd), ['--fail-on']);
    assert.deepEqual(offered(stdout, ['paretoken', 'completion', ''], cwd), ['bash', 'fish', 'zsh']);
    const presets = ['chat', 'code', 'databricks-notebook', 'rag', 'summarise'];
    assert.deepEqual(offered(stdout, ['paretoken', 'presets', ''], cwd), presets);
    for (const command of ['run', 'plan', 'probe', 'start']) {
      assert.deepEqual(offered(stdout, ['paretoken', command, '--preset', ''], cwd), presets);
    }
  }));

test('another shell is refused with those that are known', () =>
  inEmptyFolder(async (cwd) => {
    const { code, stderr } = await paretoken(['completion', 'tcsh'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  }));
