// Bounds of exponential buckets. They cost a power or a logarithm each, and most histograms of an instrument have
// the same: they are remembered by scale and offset.

import { logWidthOf } from './bins.js';
import { type Scaling, scaledBound } from './unit-scale.js';

/** Near offsets have places of their own; a power of two. */
const PLACES = 128;
/** Keeps the offsets of neighbouring scales apart. */
const SCALE_STEP = 41;

export class BucketBounds {
  readonly #places: (BoundsFrom | undefined)[] = new Array(PLACES).fill(undefined);

  /** Good until the next call. */
  of(bucketScale: number, offset: number, buckets: number, scaling: Scaling): BoundsFrom {
    const place = (Math.imul(bucketScale, SCALE_STEP) + offset) & (PLACES - 1);
    let bounds = this.#places[place];
    if (!bounds?.isFor(bucketScale, offset, scaling)) {
      bounds = new BoundsFrom(bucketScale, offset, scaling);
      this.#places[place] = bounds;
    }
    bounds.reachTo(buckets);
    return bounds;
  }
}

const PRODUCTS_IN_A_ROW = 16;

/** Bucket i covers (base^(offset + i), base^(offset + i + 1)] where base = 2^(2^-bucketScale), in another unit. */
class BoundsFrom {
  /** Bucket i ends where bucket i + 1 begins. */
  bounds = new Float64Array(1);
  /** As a cell has it; 0 for a bucket that begins at 0. */
  logWidths = new Float64Array(0);
  readonly #bucketScale: number;
  readonly #offset: number;
  readonly #scaling: Scaling;
  #buckets = 0;

  constructor(bucketScale: number, offset: number, scaling: Scaling) {
    this.#bucketScale = bucketScale;
    this.#offset = offset;
    this.#scaling = scaling;
    this.bounds[0] = this.#bound(0);
  }

  isFor(bucketScale: number, offset: number, { factor }: Scaling): boolean {
    return this.#offset === offset && this.#bucketScale === bucketScale && this.#scaling.factor === factor;
  }

  reachTo(buckets: number): void {
    if (buckets <= this.#buckets) return;
    const { bounds: known, logWidths: knownWidths } = this;
    const bounds = new Float64Array(buckets + 1);
    const logWidths = new Float64Array(buckets);
    bounds.set(known);
    logWidths.set(knownWidths);
    const base = 2 ** (2 ** -this.#bucketScale);
    for (let bucket = this.#buckets; bucket < buckets; bucket++) {
      const lo = bounds[bucket]!;
      // A product is several times faster than a power. Its rounding errors are not left to add up.
      const product = lo * base;
      const isUsable = product > lo && product < Infinity && bucket % PRODUCTS_IN_A_ROW !== 0;
      const hi = isUsable ? product : this.#bound(bucket + 1);
      bounds[bucket + 1] = hi;
      logWidths[bucket] = lo > 0 ? logWidthOf(lo, hi) : 0;
    }
    this.bounds = bounds;
    this.logWidths = logWidths;
    this.#buckets = buckets;
  }

  #bound(bucket: number): number {
    const exponent = (this.#offset + bucket) * 2 ** -this.#bucketScale;
    return scaledBound(powerOfTwo(exponent), this.#scaling);
  }
}

/** Within what a double can say: at scale -10 the bounds around 1 are 2^-1024 and 2^1024. */
function powerOfTwo(exponent: number): number {
  // Aggregators put subnormal numbers into the bucket below the smallest normal one, so it reaches down to 0.
  return exponent < -1022 ? 0 : Math.min(2 ** exponent, Number.MAX_VALUE);
}
