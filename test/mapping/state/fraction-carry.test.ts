import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FractionCarry } from '../../../src/mapping/state/fraction-carry.js';

describe('a counter on a server of whole numbers', () => {
  it('is sent in whole numbers, and the fraction counts next time', () => {
    const fractions = new FractionCarry(10);
    const sent = [0.4, 0.4, 0.4, 1.4, 0.4, 3].map((value) => fractions.take('a', value, 0));
    expect(sent).toEqual([0, 1, 0, 2, 0, 3]);
  });

  it('is never more than half a unit from the exact sum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 200 }),
        fc.constantFrom(0, 4, 6),
        (eighths, decimals) => {
          // Eighths add up without rounding, so that the true sum is known.
          const fractions = new FractionCarry(10);
          let sum = 0;
          let sent = 0;
          for (const value of eighths) {
            sum += value / 8;
            sent += fractions.take('a', value / 8, decimals);
            expect(Math.abs(sum - sent)).toBeLessThanOrEqual(0.5 / 10 ** decimals + 1e-5);
          }
        },
      ),
    );
  });

  it('loses nothing over a year of exports, however fine they are', () => {
    const fractions = new FractionCarry(10);
    let sent = 0;
    const exports = 1_000_000;
    for (let index = 0; index < exports; index++) sent += fractions.take('a', 0.1, 0);
    expect(sent).toBe(exports / 10);
  });

  it('loses no fraction beside a large whole number', () => {
    const fractions = new FractionCarry(10);
    let sent = 0;
    for (let index = 0; index < 8; index++) sent += fractions.take('a', 2 ** 48 + 0.125, 0) - 2 ** 48;
    expect(sent).toBe(1);
  });

  it('sends only numbers of so many decimals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 }),
        fc.constantFrom(0, 4, 6),
        (values, decimals) => {
          const fractions = new FractionCarry(10);
          for (const value of values) {
            const sent = fractions.take('a', value, decimals);
            expect(Number(sent.toFixed(decimals))).toBe(sent);
          }
        },
      ),
    );
  });

  it('carries negative fractions, too', () => {
    const fractions = new FractionCarry(10);
    expect([-0.6, -0.6, 1.2].map((value) => fractions.take('a', value, 0))).toEqual([-1, 0, 1]);
  });

  it('does not change numbers without a fraction', () => {
    const fractions = new FractionCarry(10);
    const values = [2 ** 53 + 2, 1e300, 5, -5];
    expect(values.map((value) => fractions.take('a', value, 6))).toEqual(values);
  });
});

describe('the fraction of a counter', () => {
  it('is kept per series', () => {
    const fractions = new FractionCarry(10);
    expect([
      fractions.take('a', 0.4, 0),
      fractions.take('b', 0.4, 0),
      fractions.take('a', 0.4, 0),
      fractions.take('b', 0, 0),
    ]).toEqual([0, 0, 1, 0]);
  });

  it('is kept for as many series as there is room for, and lost for those longest unused', () => {
    const fractions = new FractionCarry(2);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'd', 'e']) fractions.take(key, 0.2, 0);
    expect(['d', 'e', 'a'].map((key) => fractions.take(key, 0.2, 0))).toEqual([1, 1, 0]);
  });

  it('takes no room for a series of whole numbers', () => {
    const fractions = new FractionCarry(1);
    fractions.take('a', 0.4, 0);
    for (const key of ['b', 'c', 'd']) fractions.take(key, 7, 0);
    expect(fractions.take('a', 0.4, 0)).toBe(1);
  });

  it('takes no room for a series that has none', () => {
    const fractions = new FractionCarry(1);
    fractions.take('a', 0.004, 2);
    for (const key of ['b', 'c', 'd']) fractions.take(key, 0.25, 2);
    expect(fractions.take('a', 0.004, 2)).toBe(0.01);
  });

  it('is not kept for a server that holds any double', () => {
    const fractions = new FractionCarry(1);
    expect([0.1, 1e-9].map((value) => fractions.take('a', value, Infinity))).toEqual([0.1, 1e-9]);
  });
});
