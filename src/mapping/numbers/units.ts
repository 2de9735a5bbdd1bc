/**
 * Milliseconds per unit for the time units of UCUM, which OpenTelemetry instruments use. StatsD's `ms`
 * type is in milliseconds by definition; `µs` is a common misspelling of UCUM's `us`.
 */
const MILLISECONDS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ms', 1],
  ['s', 1e3],
  ['min', 6e4],
  ['h', 3.6e6],
]);

/** Milliseconds in one of this unit; undefined for anything that is not a unit of time. */
export function millisecondsPer(unit: string): number | undefined {
  return MILLISECONDS_PER_UNIT.get(unit);
}
