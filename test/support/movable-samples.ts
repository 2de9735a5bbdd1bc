// Samples of all observations of a distribution, none of which is spoken for.

import { CellCursor } from '../../src/mapping/histograms/cell-cursor.js';
import type { Distribution } from '../../src/mapping/histograms/distribution.js';
import { MovableSamples } from '../../src/mapping/histograms/movable-samples.js';

export function movableSamples(distribution: Distribution, atMost: number): MovableSamples {
  const samples = new MovableSamples();
  return samples.begin(distribution, atMost, new CellCursor(distribution), distribution.count);
}
