// Links between the documents of the repository; package.test.ts follows those in the tarball.
import { readdirSync } from 'node:fs';
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
