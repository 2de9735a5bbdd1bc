// The names under which each server, or what it sends to, reports a metric: all that it takes up, by type. What it tells
// apart in other ways than by the name is a name of another kind here. Two metrics collide where they have one in common.
import type { DialectName } from '../../../src/mapping/dialects/index.js';
import { escapeMetricName } from './statsd-exporter.js';

export type ReportedType = 'counter' | 'gauge' | 'timer' | 'set';

type Names = Readonly<Record<ReportedType, (name: string) => readonly string[]>>;

const itself = (name: string): readonly string[] => [name];
const prefixed =
  (prefix: string, suffixes: readonly string[] = ['']) =>
  (name: string): readonly string[] =>
    suffixes.map((suffix) => `${prefix}${name}${suffix}`);
const suffixed = (...suffixes: readonly string[]) => prefixed('', suffixes);

/** The type is a part of the name, or a tag. */
const byType: Names = {
  counter: prefixed('counter '),
  gauge: prefixed('gauge '),
  timer: prefixed('timer '),
  set: prefixed('set '),
};

const statsdTimer = [
  '.std',
  '.upper',
  '.lower',
  '.count',
  '.count_ps',
  '.sum',
  '.sum_squares',
  '.mean',
  '.median',
];
const statsdPercentiles = ['.count_90', '.mean_90', '.upper_90', '.sum_90', '.sum_squares_90'];

/** Below `stats.`, with the legacy namespace and the percentile 90, its defaults. */
const statsd: Names = {
  counter: itself,
  gauge: prefixed('gauges.'),
  timer: prefixed('timers.', [...statsdTimer, ...statsdPercentiles]),
  set: prefixed('sets.', ['.count']),
};

/**
 * Each name with what it is there: `any` when no other type may have it, `number` for that of a counter or gauge, `family` for
 * that of a summary or histogram.
 */
const prometheus =
  (own: readonly string[], derived: readonly string[] = []) =>
  (name: string): readonly string[] => {
    const escaped = escapeMetricName(name);
    return [
      ...own.map((kind) => `${kind} ${escaped}`),
      ...derived.flatMap((kind) =>
        ['bucket', 'count', 'sum'].map((suffix) => `${kind} ${escaped}_${suffix}`),
      ),
    ];
  };

export const reportedNames: Readonly<Record<DialectName, Names>> = {
  statsd,
  graphite: statsd,
  // A distribution is kept apart from the series of a check.
  dogstatsd: { counter: itself, gauge: itself, timer: prefixed('sketch '), set: itself },
  // The measurement has a tag with the type.
  telegraf: byType,
  cloudwatch: byType,
  // A counter or gauge may not have the name of a series of anything but a counter (checkHistogramNameCollision), and a
  // summary or histogram not that of another's series (client_golang's checkSuffixCollisions). A gauge has no such series.
  'statsd-exporter': {
    counter: prometheus(['any', 'number']),
    gauge: prometheus(['any', 'number'], ['number']),
    timer: prometheus(['any', 'family'], ['number', 'family']),
    set: () => [],
  },
  'otel-collector': { counter: itself, gauge: itself, timer: itself, set: () => [] },
  // Its backend for Datadog.
  gostatsd: {
    counter: suffixed('', '.count'),
    gauge: itself,
    timer: suffixed(...statsdTimer, ...statsdPercentiles),
    set: itself,
  },
  // Its sink for Prometheus.
  vector: { counter: itself, gauge: itself, timer: suffixed('_bucket', '_count', '_sum'), set: itself },
  // Charts end in the type.
  netdata: byType,
  collectd: byType,
  signalfx: byType,
  statsite: byType,
  // One table of keys, and the paths of Graphite.
  brubeck: {
    counter: (name) => [`key ${name}`, name],
    gauge: (name) => [`key ${name}`, name],
    timer: (name) => [
      `key ${name}`,
      ...['count', 'count_ps', 'min', 'max', 'sum', 'mean', 'median'].map((figure) => `${name}.${figure}`),
      ...['75', '95', '98', '99', '999'].map((percentile) => `${name}.percentile.${percentile}`),
    ],
    set: () => [],
  },
  veneur: {
    counter: itself,
    gauge: itself,
    timer: suffixed(
      '.min',
      '.max',
      '.sum',
      '.avg',
      '.count',
      '.median',
      '.hmean',
      '.50percentile',
      '.99percentile',
    ),
    set: itself,
  },
  librato: { counter: itself, gauge: itself, timer: suffixed('', '.90'), set: itself },
  // Nothing is known of names that it derives.
  sysdig: byType,
  carbon: { counter: itself, gauge: itself, timer: () => [], set: () => [] },
};
