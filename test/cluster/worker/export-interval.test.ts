import { expect, test } from 'vitest';
import { ExportIntervalEstimator } from '../../../src/cluster/worker/export-interval.js';
import { FakeClock } from '../../support/fake-clock.js';

function everyMillisAfter(...gaps: number[]): number {
  const clock = new FakeClock();
  const rhythm = new ExportIntervalEstimator(clock);
  rhythm.recordExport();
  for (const gap of gaps) {
    clock.advance(gap);
    rhythm.recordExport();
  }
  return Math.round(rhythm.intervalMillis);
}

test('the interval is one minute before the second export', () => {
  expect(everyMillisAfter()).toBe(60_000);
});

test('a longer interval is adopted at once, a shorter one slowly', () => {
  expect([
    everyMillisAfter(90_000),
    everyMillisAfter(10_000),
    everyMillisAfter(...Array(30).fill(10_000)),
  ]).toEqual([90_000, 54_000, 10_000]);
});

test('a flush between two exports changes the interval little', () => {
  expect(everyMillisAfter(60_000, 1, 59_999)).toBe(59_999);
  expect(everyMillisAfter(60_000, 1)).toBe(54_000);
});

test('the interval is one hour at most', () => {
  expect(everyMillisAfter(86_400_000)).toBe(3_600_000);
});
