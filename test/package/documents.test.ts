// Links between the documents of the repository (package.test.ts follows those in the tarball), and versions in them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './consumer.js';
import { brokenLinks } from './links.js';

const ABSENT_BY_DESIGN = new Set(['node_modules', 'build', 'dist', '.git', '.cache', 'coverage']);

function markdownFiles(folder: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    if (ABSENT_BY_DESIGN.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

test('every link between documents leads to a file and a heading', () => {
  expect(markdownFiles('').flatMap((file) => brokenLinks(repository, file))).toEqual([]);
});

test('docs/runtimes.md names the versions of Bun and Deno that npm run test:compat tests', () => {
  const read = (file: string) => readFileSync(join(repository, file), 'utf8');
  const tested = Array.from(
    read('scripts/compat.js').matchAll(/\bruntime: '(\w+)@([\d.]+)'/g),
    ([, name = '', version]) => `${name[0]?.toUpperCase()}${name.slice(1)} ${version}`,
  );
  const columns = /^\| \| Node\.js \| (.*) \| (.*) \|$/m.exec(read('docs/runtimes.md'))?.slice(1);

  expect(columns).toEqual(tested);
});
