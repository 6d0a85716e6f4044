import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { projectFolder } from './markdown.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: projectFolder })];

/** Text without code, in which brackets are no links. */
function prose(page: string): string {
  return readFileSync(join(projectFolder, page), 'utf8')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/^ {4}.*$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
}

/** Anchors of headings, as GitHub names them. */
function anchors(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(page: string): string[] {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^(https?|mailto):/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? resolve(projectFolder, page) : resolve(projectFolder, dirname(page), path);
    if (!existsSync(target)) return true;
    return (
      anchor !== undefined &&
      !(statSync(target).isFile() && anchors(target.slice(projectFolder.length + 1)).includes(anchor))
    );
  });
}

for (const page of pages) {
  test(`${page}: every link within the project leads somewhere`, () => assert.deepEqual(brokenLinks(page), []));
}

test('links are seen: the README leads to the docs', () => {
  assert.match(prose('README.md'), /\]\(docs\/metrics\.md\)/);
});
