// The hosted workflows, which cannot be run here. Their syntax is checked by actionlint in the lint workflow.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const folder = new URL('.github/workflows/', root);
const workflows = readdirSync(folder).map(
  (file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const,
);

test.each(workflows)('%s pins each action to a commit and names its version', (_file, text) => {
  const uses = text.match(/uses: .*/g) ?? [];

  expect(uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
    [],
  );
});

test.each(workflows)('%s calls only npm scripts that package.json has', (_file, text) => {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const called = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1] ?? '');

  expect(called.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(workflows)('%s starts with read access alone', (_file, text) => {
  expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
});

test('the matrix of the hosted tests has every row of scripts/compat.js', () => {
  const rows = [...readFileSync(new URL('scripts/compat.js', root), 'utf8').matchAll(/\bname: '([^']+)'/g)];
  const matrix = /row: \[(.*)\]/.exec(readFileSync(new URL('test.yml', folder), 'utf8'))?.[1];

  expect(matrix?.split(', ')).toEqual(rows.map((row) => row[1]));
});
