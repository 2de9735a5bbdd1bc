import { describe, expect, it } from 'vitest';
import {
  limitOf,
  moveAndRound,
  moved,
  roundSamples,
  totalOf,
} from '../../../../src/mapping/histograms/samples/round-samples.js';
import type { SampleSet } from '../../../../src/mapping/histograms/samples/sample-set.js';

interface Given {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

function rounded(given: readonly Given[]): number[] {
  const values = Float64Array.from(given, ({ value }) => value);
  roundSamples({
    length: given.length,
    values,
    // As narrow as they can be, so that the hull decides.
    tightLow: values.slice(),
    tightHigh: values.slice(),
    ones: values.map(() => 1),
    hullLow: (index) => given[index]!.low ?? -Infinity,
    hullHigh: (index) => given[index]!.high ?? Infinity,
  });
  return Array.from(values);
}

describe('roundSamples', () => {
  it('rounds to seven significant digits, as the shortest decimals', () => {
    const values = [
      -98765.432109,
      -1 / 3,
      0,
      1.1e-12 / 3,
      2 / 3,
      1,
      99.99999999,
      1234.56789,
      1e9 / 7,
      2e20 / 3,
    ];
    expect(rounded(values.map((value) => ({ value })))).toEqual([
      -98765.43, -0.3333333, 0, 3.666667e-13, 0.6666667, 1, 100, 1234.568, 142857100, 66666670000000000000,
    ]);
  });

  it('leaves a sample unchanged that rounding to either side would take out of its hull', () => {
    const hull = { low: 0.12345671, high: 0.12345679 };
    const given = [
      { value: 0.12345671, ...hull },
      { value: 0.12345679, ...hull },
    ];
    expect(rounded(given)).toEqual([0.12345671, 0.12345679]);
  });

  it('rounds a sample to the other side where the nearest decimal is outside of its hull', () => {
    const given = [
      { value: 0.12345671, low: 0.12345671, high: 0.2 },
      { value: 0.98765439, low: 0.9, high: 0.98765439 },
    ];
    expect(rounded(given)).toEqual([0.1234568, 0.9876543]);
  });

  it('keeps the order where a neighbour is rounded past an unchanged sample', () => {
    const given = [
      { value: 0.12345676 },
      { value: 0.12345677, low: 0.12345677 },
      { value: 0.12345678, high: 0.1234568 },
    ];
    const values = rounded(given);
    expect(values).toEqual([0.1234568, 0.1234568, 0.1234568]);
  });

  it('leaves numbers unchanged that no exact power of ten can scale', () => {
    expect(rounded([{ value: 1.23456789012e-30 }, { value: 1.23456789012e40 }])).toEqual([
      1.23456789012e-30, 1.23456789012e40,
    ]);
  });
});

it('moveAndRound and totalOf add up without the rounding errors of a plain sum', () => {
  const values = Float64Array.of(1, 1e100, 1, -1e100);
  const set = {
    ...{ length: 4, values, tightLow: values.slice(), tightHigh: values.slice() },
    ...{ hullLow: () => -Infinity, hullHigh: () => Infinity },
  };
  const [shares, move] = [Float64Array.of(3, 1, 4, 1), { bounds: values, isUp: true, step: 0 }];
  expect([moveAndRound(set, shares, move), totalOf(set as unknown as SampleSet, shares)]).toEqual([7, 7]);
});

it('moved and limitOf do not pass the bound, and stay where it is no bound', () => {
  expect([moved(1, 3, true, 0.5), moved(3, 1, false, 0.5), moved(3, 1, true, 0.5)]).toEqual([2, 2, 3]);
  expect([limitOf(1, Infinity, true), limitOf(1, -Infinity, false), limitOf(1, 2, false)]).toEqual([1, 1, 1]);
});
