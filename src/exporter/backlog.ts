// Exports that the transport is too far behind for: they wait merged per series, so that an outage of any
// length costs memory by series and loses no count.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { PointAccumulator } from '../mapping/merge/point-accumulator.js';

/** What the backlog needs to know of the transport. */
export interface Pressure {
  /** True while more lines wait than should. */
  isOverSoftLimit(): boolean;
  heldBytes(): number;
}

export interface BacklogLimits {
  readonly maxSeries: number;
  /** Of queue and backlog together. */
  readonly maxBytes: number;
}

/**
 * Series turned into lines at a time: a merged histogram can be a hundred lines, and the queue must not
 * be driven from "room enough" past its hard limit in one go.
 */
const SERIES_PER_SLICE = 1_000;

export class Backlog {
  readonly #waiting: PointAccumulator;
  readonly #pressure: Pressure;
  #coalescedPoints = 0;

  constructor(limits: BacklogLimits, pressure: Pressure) {
    this.#waiting = new PointAccumulator(limits.maxSeries, limits.maxBytes);
    this.#pressure = pressure;
  }

  get series(): number {
    return this.#waiting.series;
  }

  /** Data points that were merged into one that waited already. */
  get coalescedPoints(): number {
    return this.#coalescedPoints;
  }

  /** True when a batch can be sent right away: nothing waits before it, and the transport keeps up. */
  get isClear(): boolean {
    return this.#waiting.isEmpty && !this.#pressure.isOverSoftLimit();
  }

  /** Lets a batch wait, in short steps; answers how many of its points had no room. */
  *steps(batch: ResourceMetrics): Generator<void, number> {
    const { merged, refused } = yield* this.#waiting.steps(batch, this.#pressure.heldBytes());
    this.#coalescedPoints += merged;
    return refused;
  }

  /** What waits, slice by slice, for as long as the transport keeps up. */
  *drain(): Generator<ResourceMetrics> {
    while (!this.#pressure.isOverSoftLimit()) {
      const slice = this.#waiting.take(SERIES_PER_SLICE);
      if (slice === undefined) return;
      yield slice;
    }
  }

  /** Gives up what waits; answers how many points that were. */
  discard(): number {
    const lost = this.#waiting.series;
    this.#waiting.take(Number.POSITIVE_INFINITY);
    return lost;
  }
}
