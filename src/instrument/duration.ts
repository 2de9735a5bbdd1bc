// Durations in the unit of the histogram that records them.

import { warnOnce } from './log-once.js';

/** Milliseconds from an arbitrary origin. */
export type Now = () => number;

export interface DurationOptions {
  /**
   * The unit of the histogram, which an instrument does not expose. Default `'s'`, as in OpenTelemetry's semantic
   * conventions.
   */
  readonly unit?: 's' | 'ms' | undefined;
  /** The clock, in milliseconds. Default `performance.now`, which is monotonic. */
  readonly now?: Now | undefined;
}

export const systemNow: Now = () => performance.now();

/** The app's clock; when it throws, NaN, which is not recorded. */
export function safeClock(instrument: object, now: Now = systemNow): Now {
  if (now === systemNow) return now;
  return () => {
    try {
      return now();
    } catch (error) {
      warnOnce(instrument, 'a clock threw; the duration is not recorded', error);
      return Number.NaN;
    }
  };
}

export function durationSince(startedAt: number, now: Now, unit: 's' | 'ms'): number {
  // A clock given by the app may jump back; a duration is never negative.
  const millis = Math.max(0, now() - startedAt);
  return unit === 's' ? millis / 1000 : millis;
}
