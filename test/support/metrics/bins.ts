// Cells of a distribution as objects, for whoever looks at them one by one.

import { Bins, logWidthOf } from '../../../src/mapping/histograms/model/bins.js';
import type { Distribution } from '../../../src/mapping/histograms/model/distribution.js';

export interface Cell {
  readonly lo: number;
  readonly hi: number;
  readonly count: number;
  readonly logarithmic: boolean;
}

/** A distribution with its cells as objects. */
export type PlainDistribution = Omit<Distribution, 'cells'> & { readonly cells: readonly Cell[] };

export function plain(distribution: Distribution): PlainDistribution {
  const { lo, hi, count, logWidth, length } = distribution.cells;
  const cells = Array.from({ length }, (_, index) => ({
    lo: lo[index]!,
    hi: hi[index]!,
    count: count[index]!,
    logarithmic: logWidth[index] !== 0,
  }));
  return { ...distribution, cells };
}

export function cellsFrom(list: readonly Cell[]): Bins {
  const cells = new Bins();
  cells.begin(list.length);
  for (const { lo, hi, count, logarithmic } of list) {
    cells.add(lo, hi, count, logarithmic ? logWidthOf(lo, hi) : 0);
  }
  return cells;
}
