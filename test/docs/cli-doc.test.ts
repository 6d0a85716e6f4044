import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitConditionHolds, exitOwnFault, exitRefused, exitStopped } from '../../lib/cli/exit.ts';
import { paretoken } from '../cli/command-line.ts';
import { commands, optionTable } from './command-options.ts';
import { codeBlocks, doc, projectFolder, section, table } from './markdown.ts';

const page = doc('cli.md');

describe('docs/cli.md', () => {
  it('has a section for every command that --help lists', async () => {
    const { stdout } = await paretoken(['--help'], { cwd: projectFolder });
    const listed = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
    const own = listed.filter((name) => name !== 'help' && name !== 'paretoken');
    assert.ok(own.length >= 6, stdout);
    const sections = [...page.matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name);
    assert.deepEqual(sections.sort(), own.sort());
  });

  for (const command of commands) {
    it(`has every option of ${command.name()}`, () => {
      const told = section(page, `## ${command.name()}`);
      const { options, registeredArguments } = command;
      if (options.length + registeredArguments.length > 0) assert.ok(told.includes(optionTable(command)));
    });
  }

  it('has the exit codes of the README, and those of the code', () => {
    const told = table(page, 'code').map(([code]) => Number(code));
    const fromReport = [0, 3, 4];
    assert.deepEqual(
      told,
      [...fromReport, exitConditionHolds, exitRefused, exitOwnFault, exitStopped].sort((a, b) => a - b),
    );
  });

  it('shows an example of every line of --json', () => {
    const lines = codeBlocks(page, 'json').flatMap((block) => block.trim().split('\n'));
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { kind: string }).kind),
      ['planned', 'estimated', 'stage_started', 'stage_ended', 'ended', 'report'],
    );
  });
});
