import { EXCEPT_LETTERS_AND_DIGITS, SEPARATORS_AND_CONTROLS } from './characters.js';
import type { Dialect } from './dialect.js';
import { INT64, WHOLE_DATAGRAM } from './limits.js';

/** The OpenTelemetry Collector's statsdreceiver: `name:1|c|#key:value,key2:value2`. Sources as of 0.164.0. */
export const otelCollector: Dialect = {
  name: 'otel-collector',
  // receiver/statsdreceiver factory.go createDefaultConfig: localhost:8125 over UDP.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // internal/parser/statsd_parser.go parseMessageToMetric.
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // The first `:` ends the name; the rest is what any StatsD server takes.
    name: /[^A-Za-z0-9_.-]/gu,
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // parseMessageToMetric splits at `|` and `,`; a tag without a value loses the line.
    tagValue: SEPARATORS_AND_CONTROLS,
  },
  reservedTags: undefined,
  // c, g, h, ms and d; which of them are histograms is set by timer_histogram_mapping.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // internal/parser/metric_translator.go sampleValue keeps a timing as it is.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd'],
  // statsd_parser.go Aggregate: a sign adds to the gauge of the current interval.
  negativeGauge: 'zero-first',
  // internal/parser/metric_translator.go setCounterValue: int64 of each line's value unless counter_type is `float`.
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // metric_translator.go: histograms count uint64(1/rate), summaries weigh by the float.
    rate: 'weighted',
    maxWeight: Number.MAX_SAFE_INTEGER,
    // parseMessageToMetric: ParseFloat of `1:2:3` fails.
    packed: false,
    // Any float that is finite.
    negative: true,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // parseMessageToMetric: a set is an error.
  sets: undefined,
  // `T` is read by recent releases alone; older ones reject the line.
  timestamps: 'never',
  limits: {
    // internal/transport/packet_server.go reads 65,527 bytes.
    datagramBytes: WHOLE_DATAGRAM,
    // internal/transport/tcp_server.go reads 4096 bytes at a time, and older versions may put the rest of one line before
    // another.
    lineBytes: 4096,
    // parseMessageToMetric takes names and tags of any length.
    nameLength: Infinity,
    tagLength: Infinity,
    // metric_translator.go: counters are int64, gauges float64.
    counter: INT64,
    gauge: Infinity,
  },
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // internal/parser/statsd_parser.go keeps types apart and passes them on under one name, which the metrics data model
    // calls a semantic error. The receiver derives no names.
    betweenTypes: [{ effect: 'it passes on both types under one name, of which most backends keep one' }],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
