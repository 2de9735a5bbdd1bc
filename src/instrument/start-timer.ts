// A timer for code that is neither one function nor one promise.

import type { Attributes } from '@opentelemetry/api';
import { mergeAttributes } from './attributes.js';
import {
  A_HISTOGRAM,
  checkArguments,
  type Expectation,
  OPTIONAL_ATTRIBUTES_OBJECT,
  OPTIONAL_FUNCTION,
  OPTIONAL_UNIT,
  OPTIONS,
} from './check-arguments.js';
import { type DurationOptions, durationSince, type Now, safeClock } from './duration.js';
import type { Recorder } from './instruments.js';
import { warnOnce } from './log-once.js';
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
  // A timer is part of a request, so wrong arguments are logged and not thrown.
  return isUsable(histogram, options)
    ? new RunningTimer(histogram, options)
    : new RunningTimer(NO_HISTOGRAM, {});
}

const NO_HISTOGRAM: Recorder = { record() {} };

type Argument = readonly [
  name: string,
  pick: (histogram: Recorder, options: TimerOptions) => unknown,
  expected: Expectation,
];

const ARGUMENTS: readonly Argument[] = [
  ['the first argument', (histogram) => histogram, A_HISTOGRAM],
  ['options', (_histogram, options) => options, OPTIONS],
  ['options.unit', (_histogram, options) => options?.unit, OPTIONAL_UNIT],
  ['options.now', (_histogram, options) => options?.now, OPTIONAL_FUNCTION],
  ['options.attributes', (_histogram, options) => options?.attributes, OPTIONAL_ATTRIBUTES_OBJECT],
];

function isUsable(histogram: Recorder, options: TimerOptions): boolean {
  try {
    // Without the objects that messages need: this runs for each timer.
    if (ARGUMENTS.every(([, pick, { fits }]) => fits(pick(histogram, options)))) return true;
    const given = ARGUMENTS.map(
      ([name, pick, expected]) => [name, [pick(histogram, options), expected]] as const,
    );
    checkArguments('startTimer', Object.fromEntries(given));
  } catch (error) {
    warnOnce(histogram, error instanceof Error ? error.message : String(error));
  }
  return false;
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
    this.#now = safeClock(histogram, options.now);
    this.#startedAt = this.#now();
  }

  stop(more?: Attributes): number {
    if (this.#duration === undefined) {
      const { attributes, unit = 's' } = this.#options;
      this.#duration = durationSince(this.#startedAt, this.#now, unit);
      recordSafely(
        this.#histogram,
        this.#duration,
        more === undefined ? attributes : mergeAttributes(this.#histogram, attributes, more),
      );
    }
    return this.#duration;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
