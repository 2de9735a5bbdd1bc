// Matchers for `expect.extend()` of vitest and Jest, which agree on what a matcher is; neither is imported.

import type { Dialect } from '../mapping/dialects/dialect.js';
import { lineSyntaxOf } from '../mapping/lines/line-syntax.js';
import { type Sample, seriesOf, seriesReader } from '../mapping/lines/parse-line.js';
import { tagSection } from '../mapping/lines/series-text.js';
import { legalTags } from '../mapping/tags/tags.js';
import { counted } from '../runtime/counted.js';
import { printable, printableJson } from '../runtime/printable.js';
import { type ReceivedMetrics, receivedText, shortened } from './received.js';
import { totalsOf } from './totals.js';

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Tags that a series must have; it may have more. Where the dialect folds attributes into the name, name and tags
 * together must be the whole name.
 */
export type ExpectedTags = Readonly<Record<string, string>>;

/** What is checked of a timer or histogram; each recording counts as often as its sample rate says. */
export interface ExpectedTiming {
  readonly count?: number | undefined;
  readonly sum?: number | undefined;
  readonly mean?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What differs by less than this part is the same: sums of rates such as 1/3 are not exact. */
const TOLERANCE = 1e-9;

/**
 * For `expect.extend(statsdMatchers)`, on a `StatsdTestServer` or an `InMemorySink`:
 *
 * ```ts
 * expect(server).toHaveCounter('orders', 3);
 * expect(server).toHaveCounter('orders', 2, { country: 'fi' });
 * expect(server).toHaveGauge('queue.length', 0);
 * expect(server).toHaveTiming('db.query', { count: 4, max: 120 });
 * expect(server).toHaveSample('db.query', 120, { table: 'users' });
 * ```
 *
 * TypeScript learns of them in a declaration of yours, for vitest:
 *
 * ```ts
 * import type { StatsdMatchers } from 'opentelemetry-exporter-statsd/testing';
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends StatsdMatchers<T> {}
 * }
 * ```
 *
 * and for Jest: `declare global { namespace jest { interface Matchers<R> extends StatsdMatchers<R> {} } }`.
 */
export const statsdMatchers = {
  /** The sum over all series of the name that have the tags. */
  toHaveCounter(received: unknown, name: string, value: number, tags: ExpectedTags = {}): MatcherResult {
    const metrics = metricsOf(received);
    const samples = select(metrics, name, tags, (type) => type === 'c' || type === '');
    const { counters, points } = totalsOf(samples);
    const parts = [...Object.values(counters), ...Object.values(points).flatMap((at) => Object.values(at))];
    const actual = samples.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
    return resultOf(metrics, `the counter ${seriesOf({ name, tags })}`, {
      expected: value,
      actual,
      pass: actual !== undefined && isClose(actual, value),
    });
  },

  /** The value of the one series of the name that has the tags; throws when there are several. */
  toHaveGauge(received: unknown, name: string, value: number, tags: ExpectedTags = {}): MatcherResult {
    const metrics = metricsOf(received);
    const samples = select(metrics, name, tags, (type) => type === 'g' || type === '');
    const series = [...new Set(samples.map(seriesReader()))];
    if (series.length > 1) {
      const shown = series.slice(0, SHOWN_VALUES).map((each) => printable(shortened(each)));
      const more = series.length - shown.length;
      throw new Error(
        `several gauges match; name the tags of one: ${shown.join(' ')}${more > 0 ? ` and ${more} more` : ''}`,
      );
    }
    const actual = Object.values(totalsOf(samples).gauges)[0] ?? samples.at(-1)?.value;
    return resultOf(metrics, `the gauge ${seriesOf({ name, tags })}`, {
      expected: value,
      actual,
      pass: typeof actual === 'number' && isClose(actual, value),
    });
  },

  /** All recordings of the name that have the tags, taken together; a number is the value of one of them. */
  toHaveTiming(
    received: unknown,
    name: string,
    expected: number | ExpectedTiming,
    tags: ExpectedTags = {},
  ): MatcherResult {
    const metrics = metricsOf(received);
    const samples = select(metrics, name, tags, (type) => type === 'ms' || type === 'h' || type === 'd');
    const { actual, pass } =
      typeof expected === 'number' ? oneOf(samples, expected) : allOf(samples, expected);
    return resultOf(metrics, `the timing ${seriesOf({ name, tags })}`, { expected, actual, pass });
  },

  /** A sample of any type; of any value when that is left out. */
  toHaveSample(
    received: unknown,
    name: string,
    value?: number | string,
    tags: ExpectedTags = {},
  ): MatcherResult {
    const metrics = metricsOf(received);
    const samples = select(metrics, name, tags, () => true);
    const actual = valuesOf(samples);
    return resultOf(metrics, `a sample of ${seriesOf({ name, tags })}`, {
      expected: value ?? 'anything',
      actual,
      pass: samples.some((sample) => value === undefined || sample.value === value),
    });
  },
};

/** The matchers as `expect(server)` has them, for type declarations; see `statsdMatchers`. */
export interface StatsdMatchers<R = unknown> {
  toHaveCounter(name: string, value: number, tags?: ExpectedTags): R;
  toHaveGauge(name: string, value: number, tags?: ExpectedTags): R;
  toHaveTiming(name: string, expected: number | ExpectedTiming, tags?: ExpectedTags): R;
  toHaveSample(name: string, value?: number | string, tags?: ExpectedTags): R;
}

function metricsOf(received: unknown): ReceivedMetrics {
  if (typeof received === 'object' && received !== null && 'samples' in received && 'totals' in received) {
    return received as ReceivedMetrics;
  }
  throw new TypeError('this matcher is for a StatsdTestServer or an InMemorySink');
}

function select(
  { samples, dialect }: ReceivedMetrics,
  name: string,
  tags: ExpectedTags,
  hasType: (type: string) => boolean,
): Sample[] {
  const isFolded = dialect.tags.place === 'folded';
  const wanted = isFolded ? name + foldedTags(tags, dialect) : name;
  return samples.filter(
    (sample) =>
      sample.name === wanted &&
      hasType(sample.type) &&
      (isFolded || Object.entries(tags).every(([key, value]) => sample.tags[key] === value)),
  );
}

function foldedTags(tags: ExpectedTags, dialect: Dialect): string {
  return tagSection(legalTags(tags, dialect), lineSyntaxOf(dialect));
}

interface Finding {
  /** Undefined where there is none. */
  readonly actual: unknown;
  readonly pass: boolean;
}

function oneOf(samples: readonly Sample[], expected: number): Finding {
  return {
    actual: valuesOf(samples),
    pass: samples.some(({ value }) => isClose(Number(value), expected)),
  };
}

function allOf(samples: readonly Sample[], expected: ExpectedTiming): Finding {
  if (samples.length === 0) return { actual: undefined, pass: false };
  const actual = statisticsOf(samples);
  const facts = Object.entries(expected).filter(([, value]) => value !== undefined);
  const pass = facts.every(([fact, value]) => isClose(actual[fact as keyof ExpectedTiming], value));
  return { actual, pass };
}

function statisticsOf(samples: readonly Sample[]): Record<keyof ExpectedTiming, number> {
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (const sample of samples) {
    const value = Number(sample.value);
    count += 1 / sample.sampleRate;
    sum += value / sample.sampleRate;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count, sum, mean: sum / count, min, max };
}

function valuesOf(samples: readonly Sample[]): unknown {
  return samples.length === 0 ? undefined : samples.map(({ value }) => value);
}

function isClose(actual: number, expected: number): boolean {
  return actual === expected || Math.abs(actual - expected) <= TOLERANCE * Math.abs(expected);
}

/** The message of a match is read only where none was wanted. */
function resultOf(
  metrics: ReceivedMetrics,
  what: string,
  { expected, actual, pass }: Finding & { readonly expected: unknown },
): MatcherResult {
  const not = pass ? 'not ' : '';
  const is = actual === undefined ? 'there is none' : `it is ${text(actual)}`;
  return {
    pass,
    message: () => `expected ${what} ${not}to be ${text(expected)}: ${is}\n\n${receivedText(metrics)}`,
  };
}

/** Values of samples in a message. */
const SHOWN_VALUES = 20;

function text(value: unknown): string {
  if (typeof value === 'string') return printable(shortened(value));
  if (!Array.isArray(value)) return printableJson(value);
  const shown = value
    .slice(0, SHOWN_VALUES)
    .map((each) => (typeof each === 'string' ? shortened(each) : each));
  const more = value.length - shown.length;
  return more > 0 ? `${printableJson(shown)} and ${counted(more, 'further value')}` : printableJson(shown);
}
