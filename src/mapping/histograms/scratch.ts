// What the way from a histogram point to lines needs, with memory that every point would otherwise allocate anew.

import { DistributionReader } from './model/distribution.js';
import { SampleMemory } from './sample-memory.js';
import { SampleLines } from './write/sample-writer.js';

/** For one point at a time. */
export class Sampling {
  readonly reader = new DistributionReader();
  readonly memory = new SampleMemory();
  readonly lines = new SampleLines();
}
