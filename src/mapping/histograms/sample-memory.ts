// Where the samples of a distribution are made: memory that each would otherwise allocate anew.

import { MovableSamples } from './samples/sample-set.js';
import { StrataCuts } from './samples/strata.js';

/** Samples made in it are good until the next ones are. */
export class SampleMemory {
  readonly samples = new MovableSamples();
  readonly cuts = new StrataCuts();
}
