import type { Dialect } from './dialect.js';
import { PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

const ONE_PATH = 'series of both are one path of Graphite, which keeps one value of them';

/** statsd/statsd (Etsy's daemon), attributes folded into the name: `name.key.value:1|c`. Sources as of 0.9.0. */
export const statsd: Dialect = {
  name: 'statsd',
  // stats.js: servers default to ./servers/udp.
  defaultProtocol: 'udp',
  // exampleConfig.js: "port: port to listen for messages on [default: 8125]".
  defaultPort: 8125,
  line: 'statsd',
  tags: { place: 'folded', open: '.', assign: '.', separator: '.', close: '' },
  illegal: {
    // stats.js sanitizeKeyName deletes all but [A-Za-z_\-0-9.;=] and turns `/` into `-`.
    name: /[^A-Za-z0-9_.-]/gu,
    // A dot in a key or value would open another level of the Graphite tree.
    tagKey: /[^A-Za-z0-9_-]/gu,
    tagValue: /[^A-Za-z0-9_-]/gu,
  },
  reservedTags: undefined,
  // stats.js handlePacket knows ms, g and s; any other type, `h` and `d` included, becomes a counter.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'ms' },
  // lib/process_metrics.js computes with the values of the lines, which docs/metric_types.md calls milliseconds.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 's'],
  misreadTypes: { h: 'is taken for a counter', d: 'is taken for a counter' },
  // stats.js handlePacket: a gauge value that starts with + or - is added to the stored one.
  negativeGauge: 'zero-first',
  // stats.js handlePacket: counters add Number(value).
  counterDecimals: Infinity,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // stats.js counts a sampled timer 1/rate times but stores its value once; lib/process_metrics.js
    // takes mean, sum and percentiles from the stored values.
    rate: 'count-only',
    // stats.js adds 1/rate to a double, which counts in whole numbers up to here.
    maxWeight: Number.MAX_SAFE_INTEGER,
    // stats.js splits a line at every colon: `n:1:2|ms` is one bad value and one good.
    packed: false,
    // lib/helpers.js is_valid_packet rejects a `ms` value below zero.
    negative: false,
    // 101 samples put one exactly on each whole percentile: rank i of 100.
    perPoint: 101,
  },
  // stats.js handlePacket puts the text into an object's keys (lib/set.js), so that `__proto__` is lost.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // lib/helpers.js is_valid_packet: the third section is the sample rate, and the line is bad if it is another.
  timestamps: 'never',
  limits: {
    // servers/udp.js reads with Node's dgram, which takes any datagram whole.
    datagramBytes: WHOLE_DATAGRAM,
    // servers/tcp.js buffers up to the next newline without a bound.
    lineBytes: Infinity,
    // stats.js keeps names as object keys and values as doubles.
    nameLength: Infinity,
    tagLength: Infinity,
    counter: Infinity,
    gauge: Infinity,
  },
  // servers/tcp.js listens for no 'error' on its connections, so that a reset ends the daemon.
  toleratesConnectionReset: false,
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // backends/graphite.js flush_stats with legacyNamespace, its default: a counter is `stats.<name>`, a timer
    // `stats.timers.<name>.upper`, a gauge `stats.gauges.<name>`, a set `stats.sets.<name>.count`.
    derivedNames: [
      {
        from: ['ms'],
        // lib/process_metrics.js; with percentThreshold 90, `upper_90` and others.
        pattern:
          /^timers\.(.+)\.(?:std|median|count_ps|(?:count|mean|upper|lower|sum|sum_squares)(?:_(?:top)?[\d_]+)?)$/,
        with: ['c'],
        effect: ONE_PATH,
      },
      { from: ['g'], pattern: /^gauges\.(.+)$/, with: ['c'], effect: ONE_PATH },
      { from: ['s'], pattern: /^sets\.(.+)\.count$/, with: ['c'], effect: ONE_PATH },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
