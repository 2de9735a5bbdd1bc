// Exports merged per series while the transport is over its soft limit, or when too many exports wait, so that an outage of
// any length costs memory by series and loses no count.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import {
  type AccumulatorOptions,
  type AddResult,
  PointAccumulator,
} from '../mapping/merge/point-accumulator.js';

/** The part of the transport in use. */
export interface Pressure {
  /** True while the queue exceeds its soft limit. */
  isOverSoftLimit(): boolean;
  heldBytes(): number;
}

export interface BacklogLimits {
  readonly maxSeries: number;
  /** Bound of queue and backlog together. */
  readonly maxBytes: number;
}

/**
 * Series turned into lines at a time. A merged histogram can be a hundred lines, and one slice must not fill the queue
 * from its soft to its hard limit.
 */
const SERIES_PER_SLICE = 1_000;

export class Backlog {
  readonly #waiting: PointAccumulator;
  readonly #pressure: Pressure;
  #coalescedPoints = 0;
  #isResourcePending = false;
  #completeMerge = (): void => {};

  constructor(limits: BacklogLimits, pressure: Pressure, drop: AccumulatorOptions['drop']) {
    this.#waiting = new PointAccumulator({ ...limits, copyValue, drop });
    this.#pressure = pressure;
  }

  get series(): number {
    return this.#waiting.series;
  }

  /** Data points that were merged into one of the backlog. */
  get coalescedPoints(): number {
    return this.#coalescedPoints;
  }

  /** True when a batch can be sent immediately: the backlog is empty and the transport keeps up. */
  get isClear(): boolean {
    return this.#waiting.isEmpty && !this.#pressure.isOverSoftLimit();
  }

  /** Merges a batch in short steps, whose resource is known; returns how many of its points had no room. */
  *steps(batch: ResourceMetrics): Generator<void, number> {
    this.#isResourcePending = false;
    const steps = this.#waiting.steps(batch, this.#pressure.heldBytes());
    let result: AddResult | undefined;
    const advance = (): void => {
      const step = steps.next();
      if (step.done === true) result = step.value;
    };
    this.#completeMerge = () => {
      while (result === undefined) advance();
    };
    for (advance(); result === undefined; ) {
      yield;
      // `add` may have completed it.
      if (result === undefined) advance();
    }
    return this.#refused(result);
  }

  /** Merges a batch at once, after the one that is being merged in steps. Its resource may be pending. */
  add(batch: ResourceMetrics): number {
    this.#completeMerge();
    this.#isResourcePending = batch.resource.asyncAttributesPending === true;
    return this.#refused(this.#waiting.add(batch, this.#pressure.heldBytes()));
  }

  #refused({ merged, refused }: AddResult): number {
    this.#coalescedPoints += merged;
    return refused;
  }

  /** True when its lines can be sent now. */
  get isSendable(): boolean {
    return !this.#isResourcePending && !this.#waiting.isEmpty;
  }

  /** The backlog, slice by slice, while the transport keeps up and the resource is known. */
  *drain(): Generator<ResourceMetrics> {
    while (!this.#pressure.isOverSoftLimit() && !this.#isResourcePending) {
      const slice = this.#waiting.take(SERIES_PER_SLICE);
      if (slice === undefined) return;
      yield slice;
    }
  }

  /** Discards the backlog; returns how many points it had. */
  discard(): number {
    const lost = this.#waiting.series;
    this.#waiting.take(Number.POSITIVE_INFINITY);
    return lost;
  }
}

/** The app may change its list later. */
function copyValue(value: unknown): unknown {
  return Array.isArray(value) ? value.slice() : value;
}
