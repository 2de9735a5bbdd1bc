// What all views know of a series by its type.

/** Rates are over the interval at which StatsD clients and servers flush. */
export const RATE_SECONDS = 10;

export function isTiming(type: string): boolean {
  return type === 'ms' || type === 'h' || type === 'd';
}
