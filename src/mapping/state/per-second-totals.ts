// Counts of one series within one second, for servers on which a later line for the same second replaces the
// earlier one: Graphite's carbon keeps the last write per series and step (whisper update).

import { BoundedMap } from './bounded-map.js';

interface SecondTotal {
  readonly second: number;
  readonly total: number;
}

export class PerSecondTotals {
  readonly #totals: BoundedMap<SecondTotal>;

  /** Remembers at least the `maxSeries` series last added to. */
  constructor(maxSeries: number) {
    this.#totals = new BoundedMap(maxSeries);
  }

  /** The sum of what was added for this second so far. Only the latest second of a series is remembered. */
  add(key: string, second: number, value: number): number {
    const latest = this.#totals.get(key);
    const total = latest?.second === second ? latest.total + value : value;
    this.#totals.set(key, { second, total });
    return total;
  }
}
