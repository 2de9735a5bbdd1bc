// README's own tables, which are written by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OPTION_TABLES } from '../../src/exporter/options/option-table.js';
import { namePresets } from '../../src/index.js';
import { repository } from '../support/app-process.js';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');

/** The cells of the rows under a heading. */
function rowsUnder(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| (`.*) \|$/gm)].map(([, cells]) =>
    cells!.split('|').map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test("every option of README's table exists, with these variables", () => {
  const rows = rowsUnder('Options');
  expect(rows.length).toBeGreaterThan(5);
  const known = new Map(
    Object.entries(OPTION_TABLES.StatsdExporterOptions).map(([name, row]) => [
      name,
      'variables' in row ? Object.keys(row.variables) : [],
    ]),
  );
  const wrong = rows.filter(([name = '', variable = '']) => {
    const variables = known.get(name);
    return variables === undefined || (variable !== '' && !variables.includes(variable));
  });
  expect(wrong).toEqual([]);
});

test("README's table of presets has all of them", () => {
  const presets = rowsUnder('Names').map(([name]) => name);
  expect(presets.sort()).toEqual([...Object.keys(namePresets)].sort());
});

test('README can be read in five minutes', () => {
  expect(readme.split('\n').length).toBeLessThan(250);
});
