// Measures how long something took, in the unit of the histogram that keeps it.

/** Milliseconds from an arbitrary origin. */
export type Now = () => number;

export interface DurationOptions {
  /**
   * The unit of the histogram; an instrument does not tell its own. Default `'s'`, as the semantic conventions of
   * OpenTelemetry have it.
   */
  readonly unit?: 's' | 'ms' | undefined;
  /** The clock, in milliseconds. Default `performance.now`, which never jumps back. */
  readonly now?: Now | undefined;
}

export const systemNow: Now = () => performance.now();

export function durationSince(startedAt: number, now: Now, unit: 's' | 'ms'): number {
  // A clock of the app's own may jump back, and nothing takes less than no time.
  const millis = Math.max(0, now() - startedAt);
  return unit === 's' ? millis / 1000 : millis;
}
