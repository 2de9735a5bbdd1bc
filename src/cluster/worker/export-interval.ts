// How far apart exports are, so that the aggregator can tell a worker that hangs from one with a long interval.

import type { Clock } from '../../runtime/clock.js';
import { MAX_EVERY_MILLIS } from '../protocol/messages.js';

/** Before anything is known: the SDK's default export interval. */
const UNKNOWN_MILLIS = 60_000;
/** A flush in between makes a short gap; the usual one is forgotten slowly. */
const DECAY = 0.9;

export class ExportIntervalEstimator {
  readonly #clock: Clock;
  #lastAt: number | undefined;
  #everyMillis = UNKNOWN_MILLIS;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get everyMillis(): number {
    return Math.min(this.#everyMillis, MAX_EVERY_MILLIS);
  }

  /** An export happens now. */
  beat(): void {
    const now = this.#clock.now();
    if (this.#lastAt !== undefined) {
      this.#everyMillis = Math.max(now - this.#lastAt, DECAY * this.#everyMillis);
    }
    this.#lastAt = now;
  }
}
