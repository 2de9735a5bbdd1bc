// Where the samples of a distribution are made: memory that each would otherwise allocate anew.

import { MovableSamples } from './movable-samples.js';
import { StrataCuts } from './strata-cuts.js';

/** Samples made in it are good until the next ones are. */
export class SampleMemory {
  readonly samples = new MovableSamples();
  readonly cuts = new StrataCuts();
}
