// Counts of one series within one second, for servers on which a later line for the same second replaces the
// earlier one: Graphite's carbon keeps the last write per series and step (whisper update).

interface SecondTotal {
  readonly second: number;
  readonly total: number;
}

export class SecondTotals {
  readonly #maxSeries: number;
  /** Least recently used first. */
  readonly #totals = new Map<string, SecondTotal>();

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  /** The sum of what was added for this second so far. Only the latest second of a series is remembered. */
  add(key: string, second: number, value: number): number {
    const latest = this.#totals.get(key);
    const total = latest?.second === second ? latest.total + value : value;
    this.#totals.delete(key);
    if (this.#totals.size >= this.#maxSeries) {
      const [oldest] = this.#totals.keys();
      if (oldest !== undefined) this.#totals.delete(oldest);
    }
    this.#totals.set(key, { second, total });
    return total;
  }
}
