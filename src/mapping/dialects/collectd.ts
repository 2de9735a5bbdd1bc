import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER } from './limits.js';

/** collectd's statsd plugin, attributes folded into the name, for it rejects lines with tags. Sources as of collectd 5.12.0. */
export const collectd: Dialect = {
  name: 'collectd',
  // src/statsd.c: UDP only, STATSD_DEFAULT_SERVICE 8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // statsd_parse_line: a tag section loses the line.
  tags: { place: 'folded', open: '.', assign: '.', separator: '.', close: '' },
  illegal: {
    // statsd_parse_line takes the last `:` before the type as the end of the name; `/` separates identifiers.
    name: /[^A-Za-z0-9_.-]/gu,
    // A dot in a key or value would begin another one.
    tagKey: /[^A-Za-z0-9_-]/gu,
    tagValue: /[^A-Za-z0-9_-]/gu,
  },
  reservedTags: undefined,
  // statsd_parse_line: c, ms, g and s; `h` and `d` are errors.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'ms' },
  // No timers are sent; counters are reported as whole numbers, of which the smaller unit keeps more.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 's'],
  // statsd_handle_gauge: a sign adds to the stored value.
  negativeGauge: 'zero-first',
  // statsd_handle_counter adds doubles, and the fraction that was not reported is carried on.
  counterDecimals: Infinity,
  negativeCounter: true,
  // src/daemon/utils_time.h MS_TO_CDTIME_T cuts timers to whole milliseconds; src/utils/latency/latency.c
  // latency_counter_add ignores those that become 0.
  histograms: 'summary',
  samples: {
    // statsd_handle_timer divides the value itself by the rate.
    rate: 'none',
    maxWeight: 1,
    // statsd_parse_line: what stands before the last `:` is the name.
    packed: false,
    // latency_counter_add ignores times below zero.
    negative: false,
    perPoint: 1,
  },
  // statsd_handle_set: a tree of texts.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // statsd_parse_line: an extra section loses the line.
  timestamps: 'never',
  limits: {
    // statsd_network_read: a buffer of 4096 bytes with its closing NUL; what was cut off last is parsed.
    datagramBytes: 4095,
    lineBytes: 4095,
    // src/daemon/globals.h DATA_MAX_NAME_LEN 128 with its closing NUL; a longer name is cut, and merged with others.
    nameLength: 127,
    // Tags are a part of the name.
    tagLength: Infinity,
    // statsd_metric_submit_unsafe adds the counter up in a derive, which is an int64.
    counter: INT64,
    // A gauge is a double.
    gauge: Infinity,
  },
  // statsd_metric_submit_unsafe: each type has a type of collectd, so that no name is shared.
  nameCollisions: { ignoreCase: false, equivalentCharacters: undefined },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
