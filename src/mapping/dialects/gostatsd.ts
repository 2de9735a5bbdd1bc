import { EXCEPT_LETTERS_AND_DIGITS, SEPARATORS_AND_CONTROLS } from './characters.js';
import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

const BOTH = 'its backends for Datadog and OTLP report both under one name';

/** Atlassian's gostatsd: `name:1|c|#key:value,key2:value2`. Sources as of commit e5cc67e of June 2026. */
export const gostatsd: Dialect = {
  name: 'gostatsd',
  // defaults_and_params.go DefaultMetricsAddr :8125; pkg/statsd/receiver.go: UDP only.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // internal/lexer/lexer.go lexMetricAttribute.
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // internal/lexer/lexer.go lexKeySep deletes all but these and turns `/` into `-`.
    name: /[^A-Za-z0-9_.-]/gu,
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // lexer.go seekDelimited: tags end at `,` and `|`, and the whole line at NUL.
    tagValue: SEPARATORS_AND_CONTROLS,
  },
  // pkg/statsd/latency_histogram.go: gsd_histogram turns a timer into a histogram with the bounds that are its value; with
  // ignore-host, pkg/statsd/parser.go takes host out of the tags and for the source.
  reservedTags: { keys: /^(?:gsd_histogram|host)$/, rename: '$&_' },
  // lexType: `h` is a timer, too; `d` is an error.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // metric_map.go receiveTimer keeps the value as it is.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  // lexer.go Run: the sign is a part of the number. Of two gauges with the time of one datagram the first wins (metric_map.go
  // receiveGauge), so that a zero before it would stay.
  negativeGauge: 'absolute',
  // metric_map.go receiveCounter: int64(value / rate).
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // metric_map.go receiveTimer: the rate counts in SampledCount only.
    rate: 'count-only',
    // receiveTimer: SampledCount is a double.
    maxWeight: Number.MAX_SAFE_INTEGER,
    // receiveTimer: packed values are read, but counted once per line.
    packed: false,
    // lexer.go Run takes any float.
    negative: true,
    // 101 samples put one exactly on each whole percentile: rank i of 100.
    perPoint: 101,
  },
  // internal/lexer/lexer.go takes the text up to `|`; metric_map.go receiveSet: a map.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // lexMetricAttribute reads over sections other than rate and tags.
  timestamps: 'never',
  limits: {
    // defaults_and_params.go DefaultReceiveBufferSize: 65,535 bytes.
    datagramBytes: WHOLE_DATAGRAM,
    lineBytes: WHOLE_DATAGRAM,
    // lexer.go takes names and tags of any length.
    nameLength: Infinity,
    tagLength: Infinity,
    // counters.go, gauges.go: counters are int64, gauges float64.
    counter: INT64,
    gauge: Infinity,
  },
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // pkg/backends/datadog/datadog.go processMetrics, pkg/backends/otlp/backend.go SendMetricsAsync. The names of the
    // backend graphite are distinct, as those of the daemon statsd.
    betweenTypes: [
      { types: ['c', 'g', 's'], effect: BOTH },
      { types: ['c', 'ms', 'h'], effect: BOTH },
    ],
    derivedNames: [
      { from: ['c'], pattern: /^(.+)\.count$/, with: ['c', 'g', 's'], effect: BOTH },
      {
        from: ['ms', 'h'],
        pattern:
          /^(.+)\.(?:lower|upper|count|count_ps|mean|median|std|sum|sum_squares|(?:count|mean|upper|lower|sum|sum_squares)_(?:top)?[\d_.]+)$/,
        with: ['c', 'g', 's'],
        effect: BOTH,
      },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
