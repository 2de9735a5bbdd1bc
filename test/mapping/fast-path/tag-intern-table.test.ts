import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import {
  ByteArena,
  EMPTY_TEXT,
  LENGTH_BITS,
  LENGTH_MASK,
  MAX_TEXT_BYTES,
} from '../../../src/mapping/fast-path/byte-arena.js';
import { NEEDS_SLOW_PATH } from '../../../src/mapping/fast-path/interned-key.js';
import { TagInternTable } from '../../../src/mapping/fast-path/tag-intern-table.js';

const { dogstatsd } = dialects;
const unlimited = { nameLength: Infinity, tagLength: Infinity, lineBytes: Infinity };

function tableOf(dialect: Dialect = dogstatsd) {
  const arena = new ByteArena();
  const table = new TagInternTable(dialect, arena);
  const textOf = (ref: number): string => {
    const start = 8 * (ref >> LENGTH_BITS);
    return Buffer.from(arena.bytes.subarray(start, start + (ref & LENGTH_MASK))).toString();
  };
  return { table, textOf };
}

describe('a table of tags', () => {
  it('renders the tag of a value, and knows whether the server gets it as it is', () => {
    const { table, textOf } = tableOf();
    const rendered = (['x', 'x|y', 5, -0.5, true, '日本'] as const).map((value) => {
      const { ref, ...rest } = table.render('k', value, true);
      return { text: textOf(ref), ...rest };
    });
    const asItIs = { isInterned: true, isAltered: false };
    expect(rendered).toEqual([
      { text: 'k:x,', ...asItIs },
      { text: 'k:x_y,', isInterned: true, isAltered: true },
      { text: 'k:5,', ...asItIs },
      { text: 'k:-0.5,', ...asItIs },
      { text: 'k:true,', ...asItIs },
      { text: 'k:日本,', ...asItIs },
    ]);
    expect(table.render('k', '', true)).toEqual({ ref: EMPTY_TEXT, isInterned: false, isAltered: true });
    expect(table.isStale()).toBe(false);
  });

  it('renders a tag for one point where it may not keep it, or has kept 400,000 characters', () => {
    const { table, textOf } = tableOf();
    const once = table.render('k', 'x', false);
    expect({ ...once, ref: textOf(once.ref) }).toEqual({ ref: 'k:x,', isInterned: false, isAltered: false });
    const kept = tableOf().table;
    const isInterned = (characters: number) => kept.render('k', 'x'.repeat(characters), true).isInterned;
    for (let count = 0; count < 1_999 + 2_000; count += 1) expect(isInterned(100)).toBe(true);
    expect([isInterned(101), isInterned(100), isInterned(1)]).toEqual([false, true, false]);
    expect(kept.render('k', 7, true).isInterned).toBe(true);
  });

  it('keeps 12,000 values', () => {
    const { table } = tableOf();
    const isInterned = () => table.render('k', 1, true).isInterned;
    for (let count = 0; count < 12_000; count += 1) expect(isInterned()).toBe(true);
    expect(isInterned()).toBe(false);
  });

  it.each<[string, number, string, number | 'slow path']>([
    ['as long as the arena takes', MAX_TEXT_BYTES - 'k:,'.length, 'x', MAX_TEXT_BYTES],
    ['longer in bytes', MAX_TEXT_BYTES - 'k:,'.length + 1, 'x', 'slow path'],
    ['much longer', 4 * MAX_TEXT_BYTES, 'x', 'slow path'],
    ['short in characters and longer in bytes', MAX_TEXT_BYTES / 2, '日', 'slow path'],
  ])('takes a tag %s', (_, length, unit, bytes) => {
    const { table } = tableOf({ ...dogstatsd, limits: { ...dogstatsd.limits, ...unlimited } });
    const { ref } = table.render('k', unit.repeat(length), true);
    expect(ref === NEEDS_SLOW_PATH ? 'slow path' : ref & LENGTH_MASK).toBe(bytes);
  });

  it('takes no tag that the dialect shortens, or that has a line break', () => {
    const { table } = tableOf();
    const declined = { ref: NEEDS_SLOW_PATH, isInterned: false };
    expect([
      table.render('k', 'x'.repeat(dogstatsd.limits.tagLength - 2), true).ref !== NEEDS_SLOW_PATH,
      table.render('k', 'x'.repeat(dogstatsd.limits.tagLength + 1), true),
      table.renderLegal('k', 'a\nb', true),
    ]).toEqual([true, { ...declined, isAltered: false }, declined]);
  });

  it('has one key for each attribute, at most 256', () => {
    const { table } = tableOf();
    const keys = Array.from({ length: 256 }, (_, index) => table.keyOf(`key ${index}`));
    expect(keys.map((key) => key?.text)).toEqual(keys.map((_, index) => `key_${index}`));
    expect([table.isStale(), table.keyOf('key 7'), table.keyOf('one more')]).toEqual([
      false,
      keys[7],
      undefined,
    ]);
  });

  it('has no key that is longer than a text may be', () => {
    const longest = 'k'.repeat(MAX_TEXT_BYTES);
    const { table } = tableOf();
    expect([table.keyOf(longest)?.text, table.keyOf(`${longest}k`)]).toEqual([longest, undefined]);
  });

  it('tells which keys are one to the server', () => {
    const { table } = tableOf();
    const keys = ['a', 'a b', 'a|b', 'b'].map((attribute) => table.keyOf(attribute)!);
    expect(keys.map(({ isAmbiguous }) => isAmbiguous)).toEqual([false, true, true, false]);
  });

  it('tells keys and values of a name apart as the server does', () => {
    const nameCollisions = { ignoreCase: true, equivalentCharacters: undefined };
    const { table } = tableOf({ ...dialects.statsd, nameCollisions });
    const keys = ['a', 'A', 'b'].map((attribute) => table.keyOf(attribute)!);
    expect(keys.map(({ isAmbiguous }) => isAmbiguous)).toEqual([true, true, false]);
    const [lower, upper, other] = ['x', 'X', 'y'].map((value) => table.render('k', value, true));
    expect([lower, upper, other].map((each) => each!.isAltered)).toEqual([false, true, false]);
    expect(table.identityOf(upper!.ref)).toBe(table.identityOf(lower!.ref));
    expect(table.identityOf(other!.ref)).not.toBe(table.identityOf(lower!.ref));
  });

  it('is to be cleared eight exports after it became full', () => {
    const { table } = tableOf();
    const stale = () => Array.from({ length: 9 }, () => table.isStale());
    expect(stale()).toEqual(new Array(9).fill(false));
    table.render('k', 'x', false);
    expect(stale()).toEqual([...new Array<boolean>(7).fill(false), true, true]);
    const other = tableOf().table;
    other.keyOf('k'.repeat(MAX_TEXT_BYTES + 1));
    expect(Array.from({ length: 8 }, () => other.isStale()).lastIndexOf(false)).toBe(6);
  });

  it('lets go of the texts of the app after each export', () => {
    const { table } = tableOf();
    const key = table.keyOf('k')!;
    const ref = key.refOf('x');
    expect([key.refOf('x'), table.cache.texts.filter((text) => text !== '')]).toEqual([ref, ['x']]);
    table.endExport();
    expect([table.cache.texts.filter((text) => text !== ''), key.refOf('x')]).toEqual([[], ref]);
  });
});

describe('a key', () => {
  it('has the same reference for the same value, and looks up small whole numbers by index', () => {
    const { table, textOf } = tableOf();
    const key = table.keyOf('k')!;
    const values = ['x', 'y', '1', 1, 0, 1_023, 1_024, -1, 0.5, true, false, 'true'];
    const refs = values.map((value) => key.refOf(value));
    expect(refs.map(textOf)).toEqual(values.map((value) => `k:${value},`));
    expect(values.map((value) => key.refOf(value))).toEqual(refs);
    const { numberRefs } = table.cache;
    expect([1, 0, 1_023].map((value) => numberRefs[key.numberBase + value])).toEqual([
      refs[3],
      refs[4],
      refs[5],
    ]);
    expect(numberRefs.filter((ref) => ref !== 0)).toHaveLength(3);
  });

  it.each<[string, unknown[], number[], boolean]>([
    ['nothing', [null, undefined, ''], [EMPTY_TEXT, EMPTY_TEXT, EMPTY_TEXT], true],
    ['null', [null], [EMPTY_TEXT], true],
    ['undefined', [undefined], [EMPTY_TEXT], true],
    ['an empty text', [''], [EMPTY_TEXT], true],
    ['an object', [{}, [1]], [NEEDS_SLOW_PATH, NEEDS_SLOW_PATH], false],
    ['a function', [() => 1, Symbol('x'), 1n], [-1, -1, -1], false],
  ])('has no tag of its own for %s', (_, values, refs, isAmbiguous) => {
    const key = tableOf().table.keyOf('k')!;
    expect({ refs: values.map((value) => key.refOf(value)), isAmbiguous: key.isAmbiguous }).toEqual({
      refs,
      isAmbiguous,
    });
  });

  it.each<[string, unknown[], boolean]>([
    ['texts that are not altered', ['x', 'y', 'x'], false],
    ['texts that are altered to different ones', ['x|y', 'x|z', 'a'], false],
    ['texts that are altered to one', ['x|y', 'a', 'x y', 'x,y'], true],
    ['a text that is altered to another', ['x_y', 'x|y'], true],
    ['a text that another is altered to', ['x|y', 'x_y'], true],
    ['a number and another text', [1, '2', 3], false],
    ['a number and its text', [1, '2', '1'], true],
    ['a text and its boolean', ['true', false, true], true],
  ])('knows whether values are one to the server: %s', (_, values, isAmbiguous) => {
    const key = tableOf().table.keyOf('k')!;
    for (const value of values) key.refOf(value);
    expect(key.isAmbiguous).toBe(isAmbiguous);
  });

  it('does not know it any more with more values than it keeps', () => {
    const key = tableOf().table.keyOf('k')!;
    for (let index = 0; index < 4_097; index += 1) key.refOf(`value ${index}`);
    expect(key.isAmbiguous).toBe(false);
    key.refOf('x|y');
    expect(key.isAmbiguous).toBe(true);
  });

  it('keeps 4,096 values', () => {
    const { table, textOf } = tableOf();
    const key = table.keyOf('k')!;
    const refs = Array.from({ length: 4_098 }, (_, index) => key.refOf(`value ${index}`));
    const isKept = (index: number) => key.refOf(`value ${index}`) === refs[index];
    expect([0, 4_095, 4_096, 4_097].map(isKept)).toEqual([true, true, false, false]);
    expect([0, 4_095].map((index) => textOf(refs[index]!))).toEqual(['k:value 0,', 'k:value 4095,']);
  });

  it('has eight places in the cache for each value', () => {
    const { table } = tableOf();
    const key = table.keyOf('k')!;
    const places = Array.from({ length: 33 }, (_, index) => {
      key.refOf(`value ${index}`);
      return key.mask + 1;
    });
    expect(places).toEqual(
      places.map((_, index) => (index < 8 ? 64 : index < 16 ? 128 : index < 32 ? 256 : 512)),
    );
  });
});
