// Boundaries of explicit buckets in the unit of the lines. All points of an instrument have the same array of them.

import { scaledBound, type UnitScale } from '../../numbers/unit-scale.js';

interface Scaled {
  readonly factor: number;
  readonly boundaries: readonly number[];
}

export class ScaledBoundaries {
  readonly #known = new WeakMap<readonly number[], Scaled>();

  /** Decimals like the values recorded. Infinite boundaries stay. */
  of(boundaries: readonly number[], scale: UnitScale): readonly number[] {
    const { factor } = scale;
    if (factor === 1) return boundaries;
    let scaled = this.#known.get(boundaries);
    if (scaled?.factor !== factor) {
      scaled = { factor, boundaries: boundaries.map((bound) => scaledBound(bound, scale.of)) };
      this.#known.set(boundaries, scaled);
    }
    return scaled.boundaries;
  }
}
