// Where the samples of a distribution are made: memory that each would otherwise allocate anew.

import { SampleSet } from './samples/sample-set.js';
import { StrataBounds } from './samples/strata.js';

/** Samples made in it are good until the next ones are. */
export class SampleMemory {
  readonly samples = new SampleSet();
  readonly cuts = new StrataBounds();
}
