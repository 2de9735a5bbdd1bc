import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER } from './limits.js';

const BOTH = 'the server reports both under this name';

/** Stripe's veneur: `name:1|c|#key:value,key2:value2`. */
export const veneur: Dialect = {
  name: 'veneur',
  // example.yaml: statsd_listen_addresses udp://localhost:8126, TCP beside it; clients expect StatsD's 8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // samplers/parser.go ParseMetric.
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // The first `:` ends the name; the rest is what any StatsD server takes.
    name: /[^A-Za-z0-9_.-]/gu,
    tagKey: /[^\p{L}\p{N}_./-]/gu,
    // ParseMetric splits at `|`, tags at `,`.
    tagValue: /[,|\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu,
  },
  // ParseMetric and the sinks look for tags that begin with veneurlocalonly, veneurglobalonly and veneursinkonly.
  reservedTags: { keys: /^veneur/, rename: '_$&' },
  // ParseMetric goes by the first letter: `d` is the same as `h`.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // samplers.go Histo.Sample keeps the value as it is.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd', 's'],
  // The sign has no meaning.
  negativeGauge: 'absolute',
  // samplers.go Counter.Sample: int64(value / rate).
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // samplers.go Histo.Sample: the t-digest gets the weight 1/rate.
    rate: 'weighted',
    // The rate is a float32, which tells whole weights apart up to here.
    maxWeight: 2 ** 23,
    // ParseMetric takes `1:2:3` apart for any type.
    packed: true,
    negative: true,
    // One stratum per whole percentile.
    perPoint: 100,
  },
  // samplers.go Set: HyperLogLog.
  sets: { members: PLAIN_MEMBER, isEstimate: true },
  // Any other section is an error.
  timestamps: 'never',
  limits: {
    // metric_max_length 4096: a longer datagram is dropped whole.
    datagramBytes: 4096,
    // Over TCP one bad line ends the connection (bufio.Scanner with the same length).
    lineBytes: 4095,
    nameLength: Infinity,
    tagLength: Infinity,
    // Counters are int64, gauges float64.
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
