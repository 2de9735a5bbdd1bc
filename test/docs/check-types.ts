// Type-checks code blocks as modules that import the package by its name.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from '../support/app-process.js';
import { blockName, type CodeBlock } from './code-blocks.js';

const PACKAGE = 'opentelemetry-exporter-statsd';
const ENTRY_POINTS = ['register', 'cluster', 'instrument', 'testing'];
const contextFolder = join(repository, 'test/docs/context');

/**
 * Errors by the name of the block; blocks without errors are left out. With `context`, the blocks of a page may use
 * the names that the page's file in test/docs/context declares.
 */
export function typeErrors(
  blocks: readonly CodeBlock[],
  { context }: { readonly context: boolean },
): Readonly<Record<string, readonly string[]>> {
  const errors: Record<string, string[]> = {};
  for (const page of new Set(blocks.map(({ file }) => file)))
    for (const [name, error] of errorsOfPage(
      blocks.filter(({ file }) => file === page),
      context ? join(contextFolder, contextOf(page)) : undefined,
    ))
      errors[name] = [...(errors[name] ?? []), error];
  return errors;
}

function contextOf(page: string): string {
  return page.endsWith('.md') ? `${basename(page, '.md').toLowerCase()}.d.ts` : 'docstrings.d.ts';
}

function errorsOfPage(blocks: readonly CodeBlock[], context: string | undefined): [string, string][] {
  const folder = join(repository, '.cache/docs-types');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const block of blocks)
    writeFileSync(join(folder, `${blockName(block)}.${block.language}`), `${block.text}export {};\n`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings(context)));
  const { stdout } = spawnSync(
    process.execPath,
    [join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
    { cwd: folder, encoding: 'utf8' },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(' '))
    .map((line) => [/^([\w-]+)\.[jt]s\(/.exec(line)?.[1] ?? basename(context ?? ''), line]);
}

function settings(context: string | undefined): unknown {
  return {
    extends: join(repository, 'tsconfig.json'),
    compilerOptions: {
      allowJs: true,
      checkJs: true,
      // Parameters in JavaScript have no types, and an example may make what it does not use.
      noImplicitAny: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: Object.fromEntries([
        [PACKAGE, [join(repository, 'src/index.ts')]],
        ...ENTRY_POINTS.map((entry) => [`${PACKAGE}/${entry}`, [join(repository, `src/${entry}.ts`)]]),
      ]),
    },
    include: ['.'],
    files: context !== undefined && existsSync(context) ? [context] : [],
  };
}
