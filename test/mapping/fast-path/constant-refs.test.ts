import { expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { ByteArena, LENGTH_MASK } from '../../../src/mapping/fast-path/byte-arena.js';
import { ConstantRefTable } from '../../../src/mapping/fast-path/constant-refs.js';
import { TagInternTable } from '../../../src/mapping/fast-path/tag-intern-table.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';

function tableOf(): ConstantRefTable {
  return new ConstantRefTable(new TagInternTable(dialects.dogstatsd, new ByteArena()));
}

const tagsOf = (count: number): Tag[] =>
  Array.from({ length: count }, (_, index) => [`k${index}`, 'x'] as const);

it('equal tags of scopes are one object, with a reference and the bytes of each tag', () => {
  const table = tableOf();
  const tags: Tag[] = [
    ['a', 'x'],
    ['bc', 'yz'],
  ];
  const known = table.of(tags)!;
  expect({ ...known, refs: known.refs.map((ref) => ref & LENGTH_MASK) }).toEqual({
    tags,
    refs: [4, 6],
    bytes: 10,
  });
  expect([table.of([...tags]) === known, table.of([tags[0]!]) === known]).toEqual([true, false]);
  expect(tableOf().of([])).toEqual({ tags: [], refs: [], bytes: 0 });
});

it('tags of a scope need the slow path when there are more than 64, or one that is no usual tag', () => {
  const table = tableOf();
  const long: Tag = ['long', 'x'.repeat(300)];
  const tables = [tagsOf(64), tagsOf(65), [...tagsOf(1), long], [['a', 'b\n'] as const], tagsOf(65)];
  expect(tables.map((tags) => table.of(tags) === undefined)).toEqual([false, true, true, true, true]);
});

it('the tags of 256 scopes are known, and further ones need the slow path', () => {
  const table = tableOf();
  const scopes = Array.from({ length: 258 }, (_, index): Tag[] => [['scope', `${index}`]]);
  const outcomes = scopes.map((tags) => ({ isKnown: table.of(tags) !== undefined, isFull: table.isFull }));
  expect(outcomes).toEqual(scopes.map((_, index) => ({ isKnown: index < 256, isFull: index >= 255 })));
  expect(table.of(scopes[0]!)).toBeDefined();
});
