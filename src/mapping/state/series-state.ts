// State between exports: the last value of cumulative series that are sent as deltas, the running totals of delta
// series that are sent as gauges, and fractions that the server could not hold.

import { CumulativeHistograms } from './cumulative-histograms.js';
import { FractionCarry } from './fraction-carry.js';
import { GaugeCollisionDetector } from './gauge-collisions.js';
import { type Instant, sameInstant } from './instant.js';
import { PerSecondTotals } from './per-second-totals.js';

interface Cumulative {
  readonly startTime: Instant;
  readonly value: number;
}

export class SeriesState {
  readonly fractions: FractionCarry;
  readonly perSecondTotals: PerSecondTotals;
  readonly histograms: CumulativeHistograms;
  readonly gaugeCollisions = new GaugeCollisionDetector();
  readonly #maxSeries: number;
  readonly #cumulative = new Map<string, Cumulative>();
  readonly #totals = new Map<string, number>();

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
    this.histograms = new CumulativeHistograms(maxSeries);
    this.fractions = new FractionCarry(maxSeries);
    this.perSecondTotals = new PerSecondTotals(maxSeries);
  }

  /**
   * The increase of a cumulative series since its previous point. A new start time or a fall means that the source
   * was reset, so the whole value is the increase, as for a first point. Undefined when the state is full.
   */
  growth(key: string, startTime: Instant, value: number): number | undefined {
    const previous = this.#cumulative.get(key);
    if (previous === undefined && this.#full) return undefined;
    this.#cumulative.set(key, { startTime, value });
    const continues =
      previous !== undefined && sameInstant(previous.startTime, startTime) && value >= previous.value;
    return continues ? value - previous.value : value;
  }

  /** The running total after adding a delta. Undefined when the state is full. */
  total(key: string, delta: number): number | undefined {
    const previous = this.#totals.get(key);
    if (previous === undefined && this.#full) return undefined;
    const total = (previous ?? 0) + delta;
    this.#totals.set(key, total);
    return total;
  }

  get #full(): boolean {
    return this.#cumulative.size + this.#totals.size >= this.#maxSeries;
  }
}
