// Fractions of counters that are too fine for the server, kept until they add up to something it can hold.

import { BoundedMap } from './bounded-map.js';

/** Beyond this, a double has no fraction to round. */
const LARGEST_WITH_FRACTION = 2 ** 52;

export class FractionCarry {
  /** Only of series that have one. */
  readonly #fractions: BoundedMap<number>;

  /** Remembers the fractions of at least the `maxSeries` series that last had one. */
  constructor(maxSeries: number) {
    this.#fractions = new BoundedMap(maxSeries);
  }

  /**
   * The part of `value`, plus the fraction kept of earlier values, that can be sent with so many decimals. What has
   * been sent for a series is never more than half a unit of the last decimal from the sum of its values.
   */
  take(key: string, value: number, decimals: number): number {
    // A whole number, by far the most common value, leaves no fraction, and the one kept before is too small to send.
    if (decimals === Infinity || Number.isInteger(value)) return value;
    const earlier = this.#fractions.get(key) ?? 0;
    // Value and fraction are added late: their sum could lose digits of the fraction.
    const coarse = roundTo(value, decimals);
    const fine = value - coarse + earlier;
    const sent = roundTo(coarse + roundTo(fine, decimals), decimals);
    const left = fine - (sent - coarse);
    if (left === 0) this.#fractions.delete(key);
    else this.#fractions.set(key, left);
    return sent;
  }
}

function roundTo(value: number, decimals: number): number {
  const power = 10 ** decimals;
  const scaled = value * power;
  return Math.abs(scaled) < LARGEST_WITH_FRACTION ? Math.round(scaled) / power : value;
}
