// A value of a record is a statement about a server: its source has to be found again.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../../src/mapping/dialects/', import.meta.url);
const others = ['dialect.ts', 'index.ts', 'limits.ts', 'characters.ts'];
const records = readdirSync(folder).filter((file) => !others.includes(file));

it.each(records)('%s says which sources of the server it was read from', (file) => {
  const text = readFileSync(new URL(file, folder), 'utf8').replaceAll(/\n \* /g, ' ');
  expect(text).toMatch(/Sources as of [^.]|documentation does not say/);
});
