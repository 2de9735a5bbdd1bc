// Each record whole, as it was last reviewed; `vitest run -u` writes the files anew. Interop runs and the models of
// the servers show that the values are right; this shows that none changes unseen.
import { expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

/** JSON with the values that JSON does not have as text. */
function textOf(record: Dialect): string {
  const shown = (_key: string, value: unknown): unknown => {
    const isPlain = Number.isFinite(value) || (typeof value !== 'number' && !(value instanceof RegExp));
    return isPlain && value !== undefined ? value : String(value);
  };
  return `${JSON.stringify(record, shown, 2)}\n`;
}

it.each(Object.entries<Dialect>(dialects))('the record %s is as in its file', async (name, record) => {
  await expect(textOf(record)).toMatchFileSnapshot(`records/${name}.txt`);
});
