// What the way from a histogram point to lines needs, with memory that every point would otherwise allocate anew.

import { DistributionReader } from './distribution.js';
import { SampleLines } from './sample-lines.js';
import { SampleMemory } from './sample-memory.js';

/** For one point at a time. */
export class Sampling {
  readonly reader = new DistributionReader();
  readonly memory = new SampleMemory();
  readonly lines = new SampleLines();
}
