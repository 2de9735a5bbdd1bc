import type { Dialect } from './dialect.js';
import { PLAIN_MEMBER } from './limits.js';

/**
 * statsite, attributes folded into the name, for its grammar knows no tags. It prints six decimals. Sources as of
 * commit bf68fa2 of 2019 (0.8.1), the last.
 */
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
  // src/timer.c timer_add_sample keeps the value of the line.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  // src/conn_handler.c emit_stat: a sign makes a gauge relative.
  negativeGauge: 'zero-first',
  // src/conn_handler.c stream_formatter prints counters with %f: six decimals.
  counterDecimals: 6,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // src/timer.c timer_add_sample: the rate counts in the timer's count only.
    rate: 'count-only',
    // timer_add_sample: count is a uint64, to which 1/rate is added as a double.
    maxWeight: Number.MAX_SAFE_INTEGER,
    // src/conn_handler.c str2double stops at the first `:`.
    packed: false,
    // str2double reads a sign.
    negative: true,
    // 101 samples put one exactly on each whole percentile: rank i of 100.
    perPoint: 101,
  },
  // src/set.c counts 64 members, and estimates more (HyperLogLog).
  sets: { members: PLAIN_MEMBER, isEstimate: true },
  // ascii_parser_std.rl: nothing may follow the type of a gauge.
  timestamps: 'never',
  limits: {
    // src/networking.c handle_udp_message reads on while there is room for 1500 bytes: of a larger datagram behind others
    // the end is cut off.
    datagramBytes: 1500,
    // src/networking.c circbuf_grow_buf: the buffers of connections grow; lines of 300,000 bytes pass.
    lineBytes: Infinity,
    // src/hashmap.c copies names of any length; values are doubles.
    nameLength: Infinity,
    tagLength: Infinity,
    counter: Infinity,
    gauge: Infinity,
  },
  // src/config.c: each type has a prefix of its own (use_type_prefix).
  nameCollisions: { ignoreCase: false, equivalentCharacters: undefined },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
