// What a server would have after some samples: sums of counters, last values of gauges.

import { type Sample, seriesReader } from '../mapping/lines/parse-line.js';

/** A value and how many recordings it represents: 2 with a sample rate of 0.5. */
export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
}

/**
 * Keyed by series: the name alone, or `name{key=value,key2=value2}` with tags sorted by key. In dialects that fold
 * attributes into the name, the key is the whole name.
 */
export interface Totals {
  /** Sums, each increment divided by its sample rate. */
  readonly counters: Readonly<Record<string, number>>;
  /** The last value; a relative one (`+2|g`, `-2|g`, where the dialect has them) is added to the one before, or to 0. */
  readonly gauges: Readonly<Record<string, number>>;
  /** Values of `ms`, `h` and `d` lines in order of arrival. */
  readonly timings: Readonly<Record<string, readonly WeightedValue[]>>;
  /** Distinct members of sets, in order of first arrival. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  /** Lines without a type (carbon): the last value of each second. */
  readonly points: Readonly<Record<string, Readonly<Record<number, number>>>>;
}

export function totalsOf(samples: Iterable<Sample>): Totals {
  const counters = new Map<string, number>();
  const gauges = new Map<string, number>();
  const timings = new Map<string, WeightedValue[]>();
  const sets = new Map<string, Set<string>>();
  const points = new Map<string, Map<number, number>>();
  const stamped = new Map<string, Map<number, number>>();
  const add = (series: string, value: number): void => {
    counters.set(series, (counters.get(series) ?? 0) + value);
  };

  const seriesOf = seriesReader();
  for (const sample of samples) {
    const series = seriesOf(sample);
    const { type, timestamp, sampleRate } = sample;
    const value = Number(sample.value);
    if (type === 's') {
      entry(sets, series, () => new Set<string>()).add(String(sample.value));
    } else if (type === 'g') {
      gauges.set(series, sample.isRelative ? (gauges.get(series) ?? 0) + value : value);
    } else if (type === '') {
      entry(points, series, () => new Map<number, number>()).set(timestamp ?? 0, value);
    } else if (type !== 'c') {
      entry(timings, series, (): WeightedValue[] => []).push({ value, weight: 1 / sampleRate });
    } else if (timestamp === undefined) {
      add(series, value / sampleRate);
    } else {
      // Not aggregated: a later line for the same second replaces the earlier one.
      const seconds = entry(stamped, series, () => new Map<number, number>());
      add(series, value - (seconds.get(timestamp) ?? 0));
      seconds.set(timestamp, value);
    }
  }
  return {
    counters: Object.fromEntries(counters),
    gauges: Object.fromEntries(gauges),
    timings: Object.fromEntries(timings),
    sets: Object.fromEntries([...sets].map(([series, members]) => [series, [...members]])),
    points: Object.fromEntries([...points].map(([series, values]) => [series, Object.fromEntries(values)])),
  };
}

function entry<T>(map: Map<string, T>, key: string, create: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
