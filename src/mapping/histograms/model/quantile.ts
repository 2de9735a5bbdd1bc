// Quantiles of a distribution, computed here for servers that compute none.

import type { Distribution } from './distribution.js';
import { RankCursor } from './rank-cursor.js';

/** @param rank from 0 (the lowest possible value) to `count` (the highest); observation j sits at j + ½ */
export function quantileAtRank(distribution: Distribution, rank: number): number {
  return new RankCursor(distribution).valueAt(rank);
}

/** @param q from 0 to 1: 0.99 for the 99th percentile */
export function quantile(distribution: Distribution, q: number): number {
  return quantileAtRank(distribution, q * distribution.count);
}
