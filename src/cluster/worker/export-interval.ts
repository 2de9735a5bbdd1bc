// Estimates the export interval, so that the aggregator can tell a hanging worker from one with a long interval.

import type { Clock } from '../../runtime/clock.js';
import { MAX_INTERVAL_MILLIS } from '../protocol/messages.js';

/** Before the second export: the default interval of the SDK. */
const DEFAULT_INTERVAL_MILLIS = 60_000;
/** A flush between two exports makes a short gap, so the estimate shrinks slowly. */
const DECAY = 0.9;

export class ExportIntervalEstimator {
  readonly #clock: Clock;
  #lastAt: number | undefined;
  #interval = DEFAULT_INTERVAL_MILLIS;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get intervalMillis(): number {
    return Math.min(this.#interval, MAX_INTERVAL_MILLIS);
  }

  /** Call at every export. */
  recordExport(): void {
    const now = this.#clock.now();
    if (this.#lastAt !== undefined) {
      this.#interval = Math.max(now - this.#lastAt, DECAY * this.#interval);
    }
    this.#lastAt = now;
  }
}
