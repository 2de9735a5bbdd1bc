// Bins of a distribution as objects, one by one.

import { Bins, logWidthOf } from '../../../src/mapping/histograms/model/bins.js';
import type { Distribution } from '../../../src/mapping/histograms/model/distribution.js';

export interface Bin {
  readonly lo: number;
  readonly hi: number;
  readonly count: number;
  readonly logarithmic: boolean;
}

/** A distribution with its bins as objects. */
export type PlainDistribution = Omit<Distribution, 'bins'> & { readonly bins: readonly Bin[] };

export function plain(distribution: Distribution): PlainDistribution {
  const { lo, hi, count, logWidth, length } = distribution.bins;
  const bins = Array.from({ length }, (_, index) => ({
    lo: lo[index]!,
    hi: hi[index]!,
    count: count[index]!,
    logarithmic: logWidth[index] !== 0,
  }));
  return { ...distribution, bins };
}

export function binsFrom(list: readonly Bin[]): Bins {
  const bins = new Bins();
  bins.reset(list.length);
  for (const { lo, hi, count, logarithmic } of list) {
    bins.add(lo, hi, count, logarithmic ? logWidthOf(lo, hi) : 0);
  }
  return bins;
}
