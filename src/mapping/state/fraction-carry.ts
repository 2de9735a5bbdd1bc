// Parts of counters too fine for the server, kept until they add up to something it can hold.

/** Beyond this, a double has no fraction to round. */
const LARGEST_WITH_FRACTION = 2 ** 52;

export class Remainders {
  readonly #maxSeries: number;
  /** Least recently used first; a series without a remainder is not in it. */
  readonly #remainders = new Map<string, number>();

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  /**
   * What of `value`, and of what was left before, can be sent with so many decimals. What has been sent for a
   * series is never more than half a unit of the last place from the sum of its values. When the remainders of
   * more than `maxSeries` series are kept, the one longest unused is lost.
   */
  take(key: string, value: number, decimals: number): number {
    // A whole number, by far the most common value, leaves nothing, and what was left before is too small to send.
    if (decimals === Infinity || Number.isInteger(value)) return value;
    const earlier = this.#remainders.get(key) ?? 0;
    // Value and remainder are kept apart: their sum could lose digits of the remainder.
    const coarse = roundTo(value, decimals);
    const fine = value - coarse + earlier;
    const sent = roundTo(coarse + roundTo(fine, decimals), decimals);
    const left = fine - (sent - coarse);
    this.#remainders.delete(key);
    if (left !== 0) this.#keep(key, left);
    return sent;
  }

  #keep(key: string, remainder: number): void {
    if (this.#remainders.size >= this.#maxSeries) {
      const [oldest] = this.#remainders.keys();
      if (oldest !== undefined) this.#remainders.delete(oldest);
    }
    this.#remainders.set(key, remainder);
  }
}

function roundTo(value: number, decimals: number): number {
  const power = 10 ** decimals;
  const scaled = value * power;
  return Math.abs(scaled) < LARGEST_WITH_FRACTION ? Math.round(scaled) / power : value;
}
