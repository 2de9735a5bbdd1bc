// Links between the documents of the repository.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ABSENT_BY_DESIGN = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage']);

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ABSENT_BY_DESIGN.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Without code, in which brackets are no links and `#` begins no heading. */
function proseOf(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
}

/** The anchors of headings as GitHub makes them: lower case, no punctuation, hyphens for spaces. */
function anchorsOf(path: string): string[] {
  return [...proseOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link, '' when nothing is. */
function faultOf(file: string, link: string): string {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(file, '..', path);
  if (!existsSync(target)) return `${relative(root, file)}: no file ${link}`;
  if (anchor === undefined || anchorsOf(target).includes(anchor)) return '';
  return `${relative(root, file)}: no heading ${link}`;
}

test('every link between documents leads to a file and a heading', () => {
  const faults = markdownFiles(root).flatMap((file) =>
    [
      ...proseOf(file)
        .replaceAll(/`[^`\n]*`/g, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => faultOf(file, link))
      .filter((fault) => fault !== ''),
  );

  expect(faults).toEqual([]);
});
