// State between exports: the last value of cumulative series that are sent as deltas, the running totals of delta
// series that are sent as gauges, and fractions that the server could not hold.

import { CumulativeHistograms } from './cumulative-histograms.js';
import { FractionCarry } from './fraction-carry.js';
import { GaugeCollisionDetector } from './gauge-collisions.js';
import { type Instant, sameInstant } from './instant.js';
import { PerSecondTotals } from './per-second-totals.js';
import { PreviousPoints } from './previous-points.js';

/** A point of a sum. */
interface Total {
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly value: number;
}

export class SeriesState {
  readonly fractions: FractionCarry;
  readonly perSecondTotals: PerSecondTotals;
  readonly histograms: CumulativeHistograms;
  readonly gaugeCollisions = new GaugeCollisionDetector();
  readonly #maxSeries: number;
  readonly #cumulative: PreviousPoints<Pick<Total, 'startTime' | 'value'>>;
  readonly #totals = new Map<string, number>();

  /** `maxSeries`: limit of each kind of series. */
  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
    this.#cumulative = new PreviousPoints(maxSeries);
    this.histograms = new CumulativeHistograms(maxSeries);
    this.fractions = new FractionCarry(maxSeries);
    this.perSecondTotals = new PerSecondTotals(maxSeries);
  }

  beginExport(): void {
    this.#cumulative.beginExport();
    this.histograms.beginExport();
    this.gaugeCollisions.beginExport();
  }

  /**
   * The increase of a cumulative series since its previous point. A new start time or a fall means that the source
   * was reset, so the whole value is the increase, as for a first point. Undefined when it is not known: the state is
   * full, or the series may have been forgotten.
   */
  growth(key: string, { startTime, endTime, value }: Total): number | undefined {
    const previous = this.#cumulative.replace(key, { startTime, value }, { startTime, endTime });
    if (previous === 'full' || previous === 'unknown') return undefined;
    if (previous === 'first' || !sameInstant(previous.startTime, startTime)) return value;
    return value >= previous.value ? value - previous.value : value;
  }

  /**
   * The running total after adding a delta. Undefined when the state is full: a total is never forgotten, because a
   * series that does not change is in no export.
   */
  total(key: string, delta: number): number | undefined {
    const previous = this.#totals.get(key);
    if (previous === undefined && this.#totals.size >= this.#maxSeries) return undefined;
    const total = (previous ?? 0) + delta;
    this.#totals.set(key, total);
    return total;
  }
}
