import { EXCEPT_LETTERS_AND_DIGITS, SEPARATORS_AND_CONTROLS } from './characters.js';
import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER } from './limits.js';

const BOTH = 'the server reports both under this name';

/** Stripe's veneur: `name:1|c|#key:value,key2:value2`. Sources as of commit 0db558a of 2023 (14.2.0). */
export const veneur: Dialect = {
  name: 'veneur',
  // example.yaml: statsd_listen_addresses udp://localhost:8126, TCP beside it; clients expect StatsD's 8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // samplers/parser.go ParseMetric.
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // samplers/parser.go ParseMetric: the first `:` ends the name; the rest is what any StatsD server takes.
    name: /[^A-Za-z0-9_.-]/gu,
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // ParseMetric splits at `|`, tags at `,`.
    tagValue: SEPARATORS_AND_CONTROLS,
  },
  // ParseMetric takes out tags that begin with veneurlocalonly and veneurglobalonly; CHANGELOG.md: sinks look for
  // veneursinkonly.
  reservedTags: { keys: /^veneur/, rename: '_$&' },
  // ParseMetric goes by the first letter: `d` is the same as `h`.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // samplers.go Histo.Sample keeps the value as it is.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd', 's'],
  // ParseMetric: the sign is a part of the number.
  negativeGauge: 'absolute',
  // samplers.go Counter.Sample: int64(value / rate).
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // samplers.go Histo.Sample: the t-digest gets the weight 1/rate.
    rate: 'weighted',
    // ParseMetric: the rate is a float32, which tells whole weights apart up to here.
    maxWeight: 2 ** 23,
    // ParseMetric takes `1:2:3` apart for any type.
    packed: true,
    // Any float.
    negative: true,
    // One stratum per whole percentile.
    perPoint: 100,
  },
  // samplers.go Set: HyperLogLog.
  sets: { members: PLAIN_MEMBER, isEstimate: true },
  // ParseMetric: any other section is an error.
  timestamps: 'never',
  limits: {
    // config.go metric_max_length 4096; server.go processMetricPacket drops a longer datagram whole.
    datagramBytes: 4096,
    // A datagram with its newline. Over TCP one bad line ends the connection (server.go handleTCPGoroutine).
    lineBytes: 4095,
    // ParseMetric takes names and tags of any length.
    nameLength: Infinity,
    tagLength: Infinity,
    // samplers.go: counters are int64, gauges float64.
    counter: INT64,
    gauge: Infinity,
  },
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // samplers.go: a set, like a gauge and a counter, is flushed under its own name.
    betweenTypes: [{ types: ['c', 'g', 's'], effect: BOTH }],
    // samplers.go Histo.Flush; example.yaml aggregates and percentiles.
    derivedNames: [
      {
        from: ['ms', 'h', 'd'],
        pattern: /^(.+)\.(?:min|max|sum|avg|count|median|hmean|\d+percentile)$/,
        with: ['c', 'g', 's'],
        effect: BOTH,
      },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
