// Every file and folder that the documents for contributors name exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/app-process.js';

const files = ['src', 'test', 'scripts', 'bench', 'examples', 'docs'].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map(
    (path) => `${folder}/${path.replaceAll('\\', '/')}`,
  ),
);
const readmes = files.filter((path) => /^src\/.*README\.md$/.test(path));

/** From the root with one of its folders; or the end of a path with an extension, as `telemetry/event-log.ts`. */
const PATH =
  /(?<![\w./:@-])(?!Node\.js)(?:(?:src|test|docs|scripts|bench|examples|\.github)\/[\w./-]*\w|(?:[\w-]+\/)*[\w.-]+\.(?:ts|js|cjs|md|json|svg))(?![\w-])/g;

function exists(path: string, document: string): boolean {
  return (
    existsSync(join(repository, path)) ||
    existsSync(join(repository, dirname(document), path)) ||
    files.some((file) => file.endsWith(`/${path}`))
  );
}

test.each(['docs/architecture.md', 'CONTRIBUTING.md', ...readmes])(
  '%s names only files and folders that exist',
  (document) => {
    const paths = readFileSync(join(repository, document), 'utf8').match(PATH) ?? [];
    expect(paths.filter((path) => !exists(path, document))).toEqual([]);
  },
);
