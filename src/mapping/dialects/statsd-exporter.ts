import { SEPARATORS_AND_CONTROLS } from './characters.js';
import type { Dialect } from './dialect.js';
import { WHOLE_DATAGRAM } from './limits.js';

const DERIVED = /^(.+)_(?:bucket|count|sum)$/;

/** Prometheus' statsd_exporter: `name:1|c|#key:value,key2:value2`. Sources as of 0.31.0. */
export const statsdExporter: Dialect = {
  name: 'statsd-exporter',
  defaultProtocol: 'udp',
  // main.go: statsd.listen-udp and statsd.listen-tcp default to :9125.
  defaultPort: 9125,
  line: 'statsd',
  // pkg/line/line.go LineToEvents reads all four tag styles, but never two in one line.
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // Dots stay, for the mapping rules go by them. `,`, `#` and `[` would begin tags (parseNameAndTags).
    name: /[^A-Za-z0-9_.-]/gu,
    // pkg/mapper/escape.go EscapeMetricName, which puts `_` before a leading digit. client_golang refuses labels
    // that begin with two underscores, and the sample with them.
    tagKey: /^(?=\d)|^[^A-Za-z0-9]+|[^A-Za-z0-9_]/gu,
    // line.go splits at `|` and `,`; the text must be valid UTF-8.
    tagValue: SEPARATORS_AND_CONTROLS,
  },
  // client_golang prometheus/histogram.go and summary.go keep these labels for themselves.
  reservedTags: { keys: /^(?:le|quantile)$/, rename: '$&_' },
  // buildEvent divides `ms` by 1000, for Prometheus counts in seconds; `h` stays as it is.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // What buildEvent makes of timers.
  timeUnit: 's',
  // buildEvent: a set is an error.
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd'],
  // LineToEvents: a sign makes a gauge relative.
  negativeGauge: 'zero-first',
  // line.go LineToEvents: ParseFloat.
  counterDecimals: Infinity,
  // pkg/exporter/exporter.go handleEvent: illegal_negative_counter.
  negativeCounter: false,
  histograms: 'samples',
  samples: {
    // LineToEvents repeats the event int(1/rate) times.
    rate: 'weighted',
    // LineToEvents allocates all of them, some 64 bytes each: this many are 4 MB.
    maxWeight: 65_536,
    // LineToEvents takes `1:2:3|h` apart for ms, h and d.
    packed: true,
    // Observations are any float.
    negative: true,
    // One stratum per whole percentile.
    perPoint: 100,
  },
  // buildEvent.
  sets: undefined,
  // LineToEvents reads over a `T` section; before 0.31 the line was lost.
  timestamps: 'never',
  limits: {
    // pkg/listener/listener.go StatsDUDPListener: reads up to 65,535 bytes.
    datagramBytes: WHOLE_DATAGRAM,
    // listener.go StatsDTCPListener.HandleConn: a line that does not fit bufio's 4096 bytes, newline included, ends the
    // connection.
    lineBytes: 4095,
    // LineToEvents takes names and tags of any length; client_golang counts in float64.
    nameLength: Infinity,
    tagLength: Infinity,
    counter: Infinity,
    gauge: Infinity,
  },
  // EscapeMetricName: dots, dashes and runs of dashes become one underscore each.
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: /\.|-+/g,
    // pkg/registry/registry.go MetricConflicts.
    betweenTypes: [{ effect: 'the server keeps the one that arrives first and drops the other' }],
    derivedNames: [
      {
        // registry.go checkHistogramNameCollision keeps these names for whatever is no counter; GetSummary and
        // GetHistogram refuse a name whose own series exist already.
        from: ['g', 'ms', 'h', 'd'],
        pattern: DERIVED,
        with: ['c', 'g'],
        effect: 'the server may drop the one that arrives later',
      },
      {
        // client_golang prometheus/registry.go checkSuffixCollisions.
        from: ['ms', 'h', 'd'],
        pattern: DERIVED,
        with: ['ms', 'h', 'd'],
        effect: 'the server answers every request for its metrics with an error (500)',
      },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
