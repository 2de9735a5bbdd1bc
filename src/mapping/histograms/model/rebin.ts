// Counts of a distribution in fixed buckets. An exponential histogram changes its own buckets from interval
// to interval, which would make ever new metric names of them.

import { type Bins, logRatio } from './bins.js';
import type { Distribution } from './distribution.js';

/**
 * Counts per bucket (boundaries[i − 1], boundaries[i]], with one more bucket above the last boundary; they add
 * up to `distribution.count`. The count below each boundary is rounded, so it is off by half an observation
 * plus what interpolation within one cell is wrong by, and boundaries that are cell bounds are exact.
 *
 * @param boundaries ascending
 */
export function rebin(distribution: Distribution, boundaries: readonly number[]): number[] {
  const { cells, count } = distribution;
  const counts: number[] = [];
  let cell = 0;
  let below = 0;
  let belowPrevious = 0;
  for (const boundary of boundaries) {
    while (cell < cells.length && endsWithin(distribution, cell, boundary)) below += cells.count[cell++]!;
    const partial = cell < cells.length ? cells.count[cell]! * partUpTo(cells, cell, boundary) : 0;
    const belowBoundary = withExtremes(distribution, boundary, Math.round(below + partial));
    counts.push(belowBoundary - belowPrevious);
    belowPrevious = belowBoundary;
  }
  counts.push(count - belowPrevious);
  return counts;
}

/** Whether all of a cell is at or below the boundary; one open above is, if it begins below. */
function endsWithin({ cells, ceiling }: Distribution, index: number, boundary: number): boolean {
  const isOpen = index === cells.length - 1 && ceiling === Infinity;
  return isOpen ? cells.lo[index]! < boundary : cells.hi[index]! <= boundary;
}

function partUpTo(cells: Bins, index: number, boundary: number): number {
  const lo = cells.lo[index]!;
  const hi = cells.hi[index]!;
  if (boundary <= lo || lo === hi) return 0;
  const logWidth = cells.logWidth[index]!;
  return logWidth === 0 ? (boundary - lo) / (hi - lo) : logRatio(boundary, lo) / logWidth;
}

/** Min and max are observations themselves, whatever interpolation says. */
function withExtremes({ count, min, max }: Distribution, boundary: number, below: number): number {
  const least = min !== undefined && min <= boundary ? 1 : 0;
  const most = max !== undefined && max > boundary ? count - 1 : count;
  return Math.min(Math.max(below, least), most);
}

/** 0 and then 1, 2 and 5 times each power of ten: few enough to look at, and never more than 2.5 apart. */
export function oneTwoFiveBoundaries(lowestDecade: number, highestDecade: number): number[] {
  const boundaries = [0];
  for (let decade = lowestDecade; decade <= highestDecade; decade++) {
    for (const step of [1, 2, 5]) boundaries.push(Number(`${step}e${decade}`));
  }
  return boundaries;
}

/** From microseconds in s to terabytes in By. */
export const DEFAULT_BOUNDARIES: readonly number[] = oneTwoFiveBoundaries(-6, 12);
