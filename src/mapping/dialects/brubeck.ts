import type { Dialect } from './dialect.js';

/**
 * GitHub's brubeck, attributes folded into the name, for it drops lines with tags. Its output has the seven digits of
 * a 32-bit float and at most four decimals. Sources as of commit ebbd222 of 2019, the last.
 */
export const brubeck: Dialect = {
  name: 'brubeck',
  // src/samplers/statsd.c: UDP only; config.default.json.example: port 8126, though StatsD's own is what clients use.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // src/samplers/statsd.c brubeck_statsd_msg_parse: nothing may follow the sample rate.
  tags: { place: 'folded', open: '.', assign: '.', separator: '.', close: '' },
  illegal: {
    // brubeck_statsd_msg_parse rejects a space in a name, and a dot at its end.
    name: /[^A-Za-z0-9_.-]/gu,
    // A dot in a key or value would open another level of the Graphite tree.
    tagKey: /[^A-Za-z0-9_-]/gu,
    tagValue: /[^A-Za-z0-9_-]/gu,
  },
  reservedTags: undefined,
  // `c` adds up (`C` is for totals), `h` is the same as `ms`.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'ms' },
  // src/histogram.c brubeck_histo_push keeps the value of the line.
  timeUnit: 'ms',
  // brubeck_statsd_msg_parse: any other type is an error. There are no sets.
  acceptedTypes: ['c', 'g', 'ms', 'h'],
  // src/samplers/statsd.c parse_float: a sign makes a gauge relative.
  negativeGauge: 'zero-first',
  // src/utils.c brubeck_ftoa: four decimals, cut rather than rounded.
  counterDecimals: 4,
  // src/metric.c meter__record adds doubles.
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // src/histogram.c: the rate counts in the histogram's count only.
    rate: 'count-only',
    // src/histogram.h: the count is a uint32, which brubeck_ftoa prints as 0 from here on.
    maxWeight: 2 ** 32 - 129,
    maxCount: 2 ** 32 - 129,
    // brubeck_statsd_msg_parse: `1:2:3` is no number.
    packed: false,
    // src/histogram.c takes any double.
    negative: true,
    // src/metric.c names its own sum of a timer `<name>.sum`, too.
    exactSum: false,
    // 101 samples put one exactly on each whole percentile: rank i of 100.
    perPoint: 101,
  },
  sets: undefined,
  // brubeck_statsd_msg_parse: an extra section loses the line.
  timestamps: 'never',
  limits: {
    // src/samplers/statsd.c: 8192 bytes with a closing NUL; what was cut off last is parsed.
    datagramBytes: 8191,
    lineBytes: 8191,
    // src/backends/carbon.c plaintext_each copies a name into a buffer of 1024 bytes, unchecked: a longer one ends the
    // server. `.percentile.999`, a value, a time and the spaces between them take 43 bytes.
    nameLength: 1024 - 43,
    // Tags are a part of the name.
    tagLength: Infinity,
    // src/backends/carbon.c prints a 32-bit float, brubeck_ftoa its integer part modulo 2^32: the largest double below
    // 2^32 that is not rounded up to it.
    counter: 2 ** 32 - 128,
    gauge: 2 ** 32 - 128,
  },
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // src/metric.c brubeck_metric_find looks metrics up by name alone; a metric keeps the type it was made with.
    betweenTypes: [
      { effect: 'where their attributes are equal, the server reads both as the type that arrives first' },
    ],
    // src/metric.c histogram__sample.
    derivedNames: [
      {
        from: ['ms', 'h'],
        pattern: /^(.+)\.(?:count|count_ps|min|max|sum|mean|median|percentile\.(?:75|95|98|99|999))$/,
        with: ['c', 'g'],
        effect: 'series of both are one path of Graphite, which keeps one value of them',
      },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
