// What webpack warns of in a dependency, and with it in every app that has the dependency.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './consumer.js';

/** What an app bundles: the libraries and what they share; register and the command are never bundled. */
const bundled = ['esm', 'cjs'].flatMap((format) => {
  const folder = join('dist', format);
  const shared = ['common.js', 'lines.js', 'exporter.js', 'cluster.js'].map((name) => join('shared', name));
  const present = new Set(readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }));
  return [...shared, 'index.js', 'instrument.js', 'testing.js', 'cluster.js']
    .filter((file) => present.has(file))
    .map((file) => join(folder, file));
});

function found(pattern: RegExp): string[] {
  return bundled.flatMap((file) => {
    const text = readFileSync(join(repository, file), 'utf8');
    return [...text.matchAll(pattern)].map(([match]) => `${file}: ${match}`);
  });
}

test('every import of a computed name tells webpack to leave it alone', () => {
  const imports = found(/(?<!\.)\bimport\((?!['"]).*/g);
  expect(imports.filter((line) => !line.includes('import(/* webpackIgnore: true */ '))).toEqual([]);
  expect(imports.some((line) => line.endsWith('(/* webpackIgnore: true */ name);'))).toBe(true);
});

test('no bundled file imports createRequire by name, whose calls webpack evaluates', () => {
  expect(found(/import \{[^}]*\bcreateRequire\b.*/g)).toEqual([]);
});
