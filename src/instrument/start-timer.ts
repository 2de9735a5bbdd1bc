// A timer for code that is neither one function nor one promise.

import type { Attributes } from '@opentelemetry/api';
import { type DurationOptions, durationSince, type Now, systemNow } from './duration.js';
import type { Recorder } from './instruments.js';
import { recordSafely } from './record-safely.js';

export interface TimerOptions extends DurationOptions {
  /** Attributes of the duration. */
  readonly attributes?: Attributes | undefined;
}

export interface Timer {
  /**
   * Records the duration and returns it, in the timer's unit. Only the first call records; later ones return the same
   * value.
   *
   * @param attributes further attributes; they override those of the options
   */
  stop(attributes?: Attributes): number;
  /** Stops, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Starts a timer. With `using` it stops at the end of the block, also after an exception.
 *
 * @example
 * const timer = startTimer(duration, { attributes: { 'job.name': 'reindex' } });
 * const seconds = timer.stop({ 'job.rows': 'many' });
 *
 * @example
 * {
 *   using timer = startTimer(duration);
 *   reindex();
 * }
 */
export function startTimer(histogram: Recorder, options: TimerOptions = {}): Timer {
  return new RunningTimer(histogram, options);
}

/** A class, because creating closures for each timer costs more than everything else here. */
class RunningTimer implements Timer {
  readonly #histogram: Recorder;
  readonly #options: TimerOptions;
  readonly #now: Now;
  readonly #startedAt: number;
  #duration: number | undefined;

  constructor(histogram: Recorder, options: TimerOptions) {
    this.#histogram = histogram;
    this.#options = options;
    this.#now = options.now ?? systemNow;
    this.#startedAt = this.#now();
  }

  stop(more?: Attributes): number {
    if (this.#duration === undefined) {
      const { attributes, unit = 's' } = this.#options;
      this.#duration = durationSince(this.#startedAt, this.#now, unit);
      recordSafely(
        this.#histogram,
        this.#duration,
        more === undefined ? attributes : { ...attributes, ...more },
      );
    }
    return this.#duration;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
