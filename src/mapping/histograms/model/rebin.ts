// Counts of a distribution in fixed buckets. The buckets of an exponential histogram change from interval to
// interval, so as metric names they would be new ones every time.

import { type Bins, logRatio } from './bins.js';
import type { Distribution } from './distribution.js';

/**
 * Counts per bucket (boundaries[i − 1], boundaries[i]], with one more bucket above the last boundary. They add up to
 * `distribution.count`. Counts at bounds of bins are exact. Elsewhere the count below a boundary is interpolated
 * within one bin and rounded to an integer.
 *
 * @param boundaries ascending
 */
export function rebin(distribution: Distribution, boundaries: readonly number[]): number[] {
  const { bins, count } = distribution;
  const counts: number[] = [];
  let bin = 0;
  let below = 0;
  let belowPrevious = 0;
  for (const boundary of boundaries) {
    while (bin < bins.length && endsWithin(distribution, bin, boundary)) below += bins.count[bin++]!;
    const partial = bin < bins.length ? bins.count[bin]! * fractionBelow(bins, bin, boundary) : 0;
    const belowBoundary = withExtremes(distribution, boundary, Math.round(below + partial));
    counts.push(belowBoundary - belowPrevious);
    belowPrevious = belowBoundary;
  }
  counts.push(count - belowPrevious);
  return counts;
}

/** Whether a whole bin is at or below the boundary. A bin without an upper end counts as that if it begins below. */
function endsWithin({ bins, ceiling }: Distribution, index: number, boundary: number): boolean {
  const isOpen = index === bins.length - 1 && ceiling === Infinity;
  return isOpen ? bins.lo[index]! < boundary : bins.hi[index]! <= boundary;
}

function fractionBelow(bins: Bins, index: number, boundary: number): number {
  const lo = bins.lo[index]!;
  const hi = bins.hi[index]!;
  if (boundary <= lo) return 0;
  const logWidth = bins.logWidth[index]!;
  return logWidth === 0 ? (boundary - lo) / (hi - lo) : logRatio(boundary, lo) / logWidth;
}

/** Min and max are observations, so each counts on its side of the boundary whatever interpolation says. */
function withExtremes({ count, min, max }: Distribution, boundary: number, below: number): number {
  const lowest = min !== undefined && min <= boundary ? 1 : 0;
  const highest = max !== undefined && max > boundary ? count - 1 : count;
  return Math.min(Math.max(below, lowest), highest);
}

/** 0, and 1, 2 and 5 times each power of ten: readable, and neighbours differ by a factor of 2.5 at most. */
export function oneTwoFiveBoundaries(lowestDecade: number, highestDecade: number): number[] {
  const boundaries = [0];
  for (let decade = lowestDecade; decade <= highestDecade; decade++) {
    for (const step of [1, 2, 5]) boundaries.push(Number(`${step}e${decade}`));
  }
  return boundaries;
}

/** From microseconds in s to terabytes in By. */
export const DEFAULT_BOUNDARIES: readonly number[] = oneTwoFiveBoundaries(-6, 12);
