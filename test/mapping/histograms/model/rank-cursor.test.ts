import { describe, expect, it } from 'vitest';
import { logRatio } from '../../../../src/mapping/histograms/model/bins.js';
import type { Distribution } from '../../../../src/mapping/histograms/model/distribution.js';
import { RankCursor } from '../../../../src/mapping/histograms/model/rank-cursor.js';
import { cellsFrom } from '../../../support/metrics/bins.js';

const first = { lo: 0, hi: 10, count: 2, logarithmic: false };
const second = { lo: 20, hi: 80, count: 4, logarithmic: true };
const third = { lo: 100, hi: 100, count: 1, logarithmic: false };
const distribution: Distribution = {
  cells: cellsFrom([first, second, third]),
  count: 7,
  sum: undefined,
  min: undefined,
  max: undefined,
  floor: 0,
  ceiling: 100,
};

describe('RankCursor', () => {
  it('finds the cells of ascending ranks, a border rank in the lower one', () => {
    const cursor = new RankCursor(distribution);
    const found = [0, 2, 2.5, 6, 6.5, 7].map((rank) => cursor.advanceTo(rank));
    expect(found).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('interpolates evenly in linear cells, and by ratio in logarithmic ones', () => {
    const cursor = new RankCursor(distribution);
    const values = [0, 0.5, 1, 2, 4, 6, 7].map((rank) => cursor.valueAt(rank));
    expect(values.map((value) => Number(value.toPrecision(12)))).toEqual([0, 2.5, 5, 10, 40, 80, 100]);
  });

  it('keeps to the outer cells for ranks out of range', () => {
    expect([-1, 8].map((rank) => new RankCursor(distribution).valueAt(rank))).toEqual([0, 100]);
  });

  it('gives no ranks to observations that are left out', () => {
    const cursor = new RankCursor(distribution, 1, 1);
    const found = [0.5, 1.5, 4.5, 5].map((rank) => cursor.advanceTo(rank));
    expect(found).toEqual([0, 1, 1, 1]);
    expect(new RankCursor(distribution, 1, 1).valueAt(0.5)).toBe(5);
  });

  it('leaves out both ends of a single cell', () => {
    const cell = { lo: 0, hi: 10, count: 6, logarithmic: false };
    const cursor = new RankCursor({ cells: cellsFrom([cell]) }, 1, 1);
    expect([1, 2, 4].map((rank) => cursor.valueAt(rank))).toEqual([2.5, 5, 10]);
  });

  it('knows whether it is in the first or in the last cell', () => {
    const cursor = new RankCursor(distribution);
    const seen = [1, 3, 7].map((rank) => {
      cursor.advanceTo(rank);
      return [cursor.cell, cursor.isInFirstCell, cursor.isInLastCell];
    });
    expect(seen).toEqual([
      [0, true, false],
      [1, false, false],
      [2, false, true],
    ]);
  });

  it('interpolates in negative logarithmic cells and in cells as wide as a double can say', () => {
    const middleOf = (lo: number, hi: number, logarithmic: boolean): number =>
      new RankCursor({ cells: cellsFrom([{ lo, hi, count: 1, logarithmic }]) }).valueAt(0.5);
    const largest = Number.MAX_VALUE;
    expect([middleOf(-16, -4, true), middleOf(-largest, largest, false), middleOf(5e-324, 2, true)]).toEqual([
      expect.closeTo(-8, 12),
      0,
      expect.closeTo(0, 12),
    ]);
  });
});

describe('logRatio', () => {
  it('is finite for every pair', () => {
    expect([logRatio(Math.E, 1), logRatio(-4, -4), logRatio(2, 5e-324)]).toEqual([
      expect.closeTo(1, 15),
      0,
      Math.log(Number.MAX_VALUE),
    ]);
  });
});
