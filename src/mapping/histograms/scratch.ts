// Memory that mapping one histogram point needs, kept for the next point.

import { LineWriter } from './fast-path/line-writer.js';
import { DistributionReader } from './model/distribution.js';
import { SampleSet } from './samples/sample-set.js';
import { StrataBounds } from './samples/strata.js';
import { SampleWriter } from './write/sample-writer.js';

/** Serves one point at a time: whatever was read or made of a point is overwritten by the next one. */
export class HistogramScratch {
  readonly reader = new DistributionReader();
  readonly samples = new SampleSet();
  readonly strata = new StrataBounds();
  readonly writer = new SampleWriter();
  readonly lineWriter = new LineWriter();
}

/** The part that choosing samples needs. */
export type SampleScratch = Pick<HistogramScratch, 'samples' | 'strata'>;
