// Bounds of exponential buckets, cached by scale and offset: each costs a power or a logarithm, and most points of an
// instrument share them.

import { scaledBound, type UnitScale } from '../../numbers/unit-scale.js';
import { logWidthOf } from './bins.js';

/** A power of two. Neighbouring offsets get different slots. */
const SLOTS = 128;
/** Gives equal offsets of neighbouring scales different slots. */
const SCALE_STEP = 41;

export class BucketBoundsCache {
  readonly #slots: (BucketBounds | undefined)[] = new Array(SLOTS).fill(undefined);

  /** Valid until the next call. */
  of(bucketScale: number, offset: number, buckets: number, scaling: UnitScale): BucketBounds {
    const slot = (Math.imul(bucketScale, SCALE_STEP) + offset) & (SLOTS - 1);
    let bounds = this.#slots[slot];
    if (!bounds?.isFor(bucketScale, offset, scaling)) {
      bounds = new BucketBounds(bucketScale, offset, scaling);
      this.#slots[slot] = bounds;
    }
    bounds.extendTo(buckets);
    return bounds;
  }
}

/** How many bounds in a row are computed as products before one is computed exactly. */
const PRODUCTS_IN_A_ROW = 16;

/** Bucket i covers (base^(offset + i), base^(offset + i + 1)], base = 2^(2^-bucketScale), converted to the line's unit. */
export class BucketBounds {
  /** Bucket i ends where bucket i + 1 begins. */
  bounds = new Float64Array(1);
  /** As in `Bins`; 0 for a bucket that begins at 0. */
  logWidths = new Float64Array(0);
  readonly #bucketScale: number;
  readonly #offset: number;
  readonly #scaling: UnitScale;
  #buckets = 0;

  constructor(bucketScale: number, offset: number, scaling: UnitScale) {
    this.#bucketScale = bucketScale;
    this.#offset = offset;
    this.#scaling = scaling;
    this.bounds[0] = this.#bound(0);
  }

  isFor(bucketScale: number, offset: number, { factor }: UnitScale): boolean {
    return this.#offset === offset && this.#bucketScale === bucketScale && this.#scaling.factor === factor;
  }

  extendTo(buckets: number): void {
    if (buckets <= this.#buckets) return;
    const { bounds: known, logWidths: knownWidths } = this;
    const bounds = new Float64Array(buckets + 1);
    const logWidths = new Float64Array(buckets);
    bounds.set(known);
    logWidths.set(knownWidths);
    const base = 2 ** (2 ** -this.#bucketScale);
    for (let bucket = this.#buckets; bucket < buckets; bucket++) {
      const lo = bounds[bucket]!;
      // A product is several times faster than a power. A power now and then keeps rounding errors from adding up.
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
    return scaledBound(powerOfTwo(exponent), this.#scaling.ofBound);
  }
}

/** Clamped to the range of doubles: at scale -10 the bounds around 1 are 2^-1024 and 2^1024. */
function powerOfTwo(exponent: number): number {
  // Aggregators count subnormal numbers in the bucket below the smallest normal number, so that bucket begins at 0.
  return exponent < -1022 ? 0 : Math.min(2 ** exponent, Number.MAX_VALUE);
}
