// Units of time: what instruments state, and what lines are in.

/** What times are sent in. `instrument`: the unit that the instrument states. */
export type TimeUnit = 'ms' | 's' | 'instrument';

/** Whole nanoseconds, so that a ratio of two units is either a whole number or the inverse of one. */
const NANOSECOND = 1;
const MICROSECOND = 1e3;
const MILLISECOND = 1e6;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The symbols of UCUM, which OpenTelemetry instruments use. They are case-sensitive: `S` is siemens. `µs` (micro sign)
 * and `μs` (Greek letter) are common misspellings of `us`.
 */
const SYMBOLS: ReadonlyMap<string, number> = new Map([
  ['ns', NANOSECOND],
  ['us', MICROSECOND],
  ['\u00b5s', MICROSECOND],
  ['\u03bcs', MICROSECOND],
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['min', MINUTE],
  ['h', HOUR],
  ['d', DAY],
]);

/** The same units in words, in any case. */
const WORDS: ReadonlyMap<string, number> = new Map(
  (
    [
      ['nanosecond nanoseconds nanosec nanosecs nanos nsec nsecs', NANOSECOND],
      ['microsecond microseconds microsec microsecs micros usec usecs', MICROSECOND],
      ['millisecond milliseconds millisec millisecs millis msec msecs', MILLISECOND],
      ['second seconds sec secs', SECOND],
      ['minute minutes min mins', MINUTE],
      ['hour hours hr hrs', HOUR],
      ['day days', DAY],
    ] as const
  ).flatMap(([words, nanoseconds]) => words.split(' ').map((word) => [word, nanoseconds] as const)),
);

function nanosecondsPer(unit: string): number | undefined {
  return SYMBOLS.get(unit) ?? WORDS.get(unit.toLowerCase());
}

export function isTimeUnit(unit: string): boolean {
  return nanosecondsPer(unit) !== undefined;
}

/** The factor from an instrument's unit to that of its lines; 1 for anything that is not a unit of time. */
export function timeFactor(unit: string, target: TimeUnit): number {
  const nanoseconds = target === 'instrument' ? undefined : nanosecondsPer(unit);
  if (nanoseconds === undefined) return 1;
  return nanoseconds / (target === 's' ? SECOND : MILLISECOND);
}
