import type { Dialect } from './dialect.js';
import { PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

/** statsite, attributes folded into the name, for its grammar knows no tags. It prints six decimals. */
export const statsite: Dialect = {
  name: 'statsite',
  // src/config.c: tcp_port and udp_port 8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // src/ascii_parser_std.rl: a line with tags after the type is skipped.
  tags: { place: 'folded', open: '.', assign: '.', separator: '.', close: '' },
  illegal: {
    // ascii_parser_std.rl ends a name at `:`; sinks write it between `|`.
    name: /[^A-Za-z0-9_.-]/gu,
    // A dot in a key or value would open another level of the Graphite tree.
    tagKey: /[^A-Za-z0-9_-]/gu,
    tagValue: /[^A-Za-z0-9_-]/gu,
  },
  reservedTags: undefined,
  // ascii_parser_std.rl: c, ms, h (the same as ms), g, s and kv.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'ms' },
  // A timer is kept as it is.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  // src/conn_handler.c: a sign makes a gauge relative.
  negativeGauge: 'zero-first',
  // src/streaming.c prints counters with %f: six decimals.
  counterDecimals: 6,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // src/metrics.c: the rate counts in the timer's count only.
    rate: 'count-only',
    // It is added to a double.
    maxWeight: Number.MAX_SAFE_INTEGER,
    // str2double stops at the first `:`.
    packed: false,
    negative: true,
    // 101 samples put one exactly on each whole percentile: rank i of 100.
    perPoint: 101,
  },
  // src/set.c counts 64 members, and estimates more (HyperLogLog).
  sets: { members: PLAIN_MEMBER, isEstimate: true },
  // Nothing may follow the type of a gauge.
  timestamps: 'never',
  limits: {
    datagramBytes: WHOLE_DATAGRAM,
    // src/networking.c: its buffers grow; lines of 300,000 bytes pass.
    lineBytes: Infinity,
    nameLength: Infinity,
    tagLength: Infinity,
    counter: Infinity,
    gauge: Infinity,
  },
  nameCollisions: { ignoreCase: false, equivalentCharacters: undefined },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
