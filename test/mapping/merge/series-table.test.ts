import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttributeTable } from '../../../src/mapping/merge/attribute-table.js';
import { NOT_FOUND, SeriesTable } from '../../../src/mapping/merge/series-table.js';

/** Attributes with these keys, so that a set of numbers is a series. */
function attributesOf(keys: readonly number[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [`k${key}`, 0]));
}

/** Reads the attributes, with a hash that many series have in common. */
function read(attributes: AttributeTable, keys: readonly number[], hashes: number): void {
  attributes.intern(attributesOf(keys));
  attributes.hash %= hashes;
}

/** The series in a table, in the slowest way. */
class Reference {
  readonly series: { readonly text: string; readonly ids: readonly number[] }[] = [];
  first = 0;

  find(text: string): number {
    const index = this.series.findIndex((each, place) => place >= this.first && each.text === text);
    return index < 0 ? NOT_FOUND : index;
  }

  dropRemoved(): void {
    this.series.splice(0, this.first);
    this.first = 0;
  }
}

function idsOf(series: SeriesTable): number[][] {
  return Array.from({ length: series.end - series.first }, (_, place) => {
    const index = series.first + place;
    return [...series.ids.subarray(series.startOf(index), series.startOf(index + 1))];
  });
}

const keys = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 9 });
const fewKeys = fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ add: fc.array(fc.oneof(keys, fewKeys), { maxLength: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.constant('drop removed') },
);

describe('a table of series', () => {
  it.each([1, 2, 1_000_000])('finds what a list has, with %d different hashes', (hashes) => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(step, { maxLength: 12 }), (capacity, steps) => {
        const attributes = new AttributeTable((value) => value);
        const series = new SeriesTable(capacity);
        const reference = new Reference();
        for (const each of steps) {
          if (each === 'drop removed') {
            series.dropRemoved();
            reference.dropRemoved();
          } else if ('remove' in each) {
            series.first = Math.min(series.end, series.first + each.remove);
            reference.first = series.first;
          } else {
            for (const these of each.add) {
              const text = these.toSorted().join();
              read(attributes, these, hashes);
              const found = series.find(attributes);
              expect(found).toBe(reference.find(text));
              if (found !== NOT_FOUND) continue;
              if (series.end === series.capacity) series.enlarge(2 * series.capacity);
              const ids = [...attributes.ids.subarray(0, attributes.count)];
              reference.series.push({ text, ids });
              expect(series.add(attributes)).toBe(reference.series.length - 1);
            }
          }
          expect({ first: series.first, end: series.end, ids: idsOf(series) }).toEqual({
            first: reference.first,
            end: reference.series.length,
            ids: reference.series.slice(reference.first).map(({ ids }) => ids),
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds series of one hash in any order of their attributes, and none that was removed', () => {
    const attributes = new AttributeTable((value) => value);
    const series = new SeriesTable(64);
    const all = Array.from({ length: 40 }, (_, index) => [index + 1, 100, 200 + index]);
    for (const each of all) {
      read(attributes, each, 1);
      series.add(attributes);
    }
    const found = () =>
      all.map((each) => {
        read(attributes, each.toReversed(), 1);
        return series.find(attributes);
      });
    const indexes = all.map((_, index) => index);
    expect(found()).toEqual(indexes);
    // Those without a slot of their own are among the removed ones, too.
    series.first = 30;
    expect(found()).toEqual(indexes.map((index) => (index < 30 ? NOT_FOUND : index)));
    series.dropRemoved();
    expect(found()).toEqual(indexes.map((index) => (index < 30 ? NOT_FOUND : index - 30)));
    read(attributes, [1, 2], 1);
    expect(series.find(attributes)).toBe(NOT_FOUND);
  });

  it('has room for a power of two, and for four attributes of each series', () => {
    const wanted = [0, 1, 4, 5, 8, 9, 100, 2.5];
    const rooms = wanted.map((capacity) => {
      const series = new SeriesTable(capacity);
      return [series.capacity, series.ids.length];
    });
    expect(rooms).toEqual([
      [4, 16],
      [4, 16],
      [4, 16],
      [8, 32],
      [8, 32],
      [16, 64],
      [128, 512],
      [4, 16],
    ]);
    const series = new SeriesTable(4);
    series.enlarge(16);
    expect([series.capacity, series.ids.length]).toEqual([16, 64]);
  });

  it('gets room for twice the attributes that it has when they no longer fit', () => {
    const attributes = new AttributeTable((value) => value);
    const series = new SeriesTable(4);
    const add = (count: number): number => {
      read(
        attributes,
        Array.from({ length: count }, (_, index) => index),
        1,
      );
      series.add(attributes);
      return series.ids.length;
    };
    expect([add(10), add(6), add(1), add(20)]).toEqual([16, 16, 34, 74]);
    series.enlarge(8);
    expect([series.ids.length, idsOf(series).map((ids) => ids.length)]).toEqual([74, [10, 6, 1, 20]]);
  });
});
