import type { Dialect } from './dialect.js';
import { INT64 } from './limits.js';

/**
 * Netdata's statsd.plugin, attributes folded into the name, for it ignores tags. It keeps three decimals of gauges,
 * timers and histograms. Sources as of netdata 1.37.1 and 2.9.0; its code was in collectors/ before src/collectors/.
 */
export const netdata: Dialect = {
  name: 'netdata',
  // src/collectors/statsd.plugin/statsd.c listens on UDP and TCP, port 8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // statsd_process reads of the tags only units, name and family, and merges all series of a name.
  tags: { place: 'folded', open: '.', assign: '.', separator: '.', close: '' },
  illegal: {
    // netdata_fix_chart_id leaves letters, digits, `.`, `-` and `_`; statsd_process ends a name at `=`, too.
    name: /[^A-Za-z0-9_.-]/gu,
    // A dot in a key or value would begin another one.
    tagKey: /[^A-Za-z0-9_-]/gu,
    tagValue: /[^A-Za-z0-9_-]/gu,
  },
  reservedTags: undefined,
  // statsd_process_metric: `d` is a dictionary of strings.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // statsd_flush_timer: charts of timers are in milliseconds.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  misreadTypes: { d: 'is a dictionary of texts there' },
  // statsd_process_gauge: a sign makes the value relative.
  negativeGauge: 'zero-first',
  // statsd_process_counter_or_meter parses integers: 0.9 is 0.
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // statsd_process_histogram_or_timer stores the value llrint(1/rate) times.
    rate: 'weighted',
    // statsd_process_histogram_or_timer takes a rate below 0.01 as 0.01.
    maxWeight: 100,
    // statsd_parse_float: `1:2:3|ms` is 1.
    packed: false,
    // statsd_parse_float reads any float.
    negative: true,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // statsd_process ends a value at `@` and `#`; statsd_process_set ignores `zinit`.
  sets: { members: /^(?!zinit$)[A-Za-z0-9][!"$-9;-?A-{}~]{0,59}$/, isEstimate: false },
  // statsd_process reads over other sections.
  timestamps: 'never',
  limits: {
    // 1.37.1 STATSD_UDP_BUFFER_SIZE 9000, less the closing NUL (2.9.0: 65,536); what was cut off last is parsed.
    datagramBytes: 8999,
    // STATSD_TCP_BUFFER_SIZE 65,536, less the closing NUL and the newline; a longer line ends the connection.
    lineBytes: 65_534,
    // 1.37.1 database/rrd.h RRD_ID_LENGTH_MAX 200 with its closing NUL, less `statsd_` before and `_histogram` after the name;
    // what is longer is cut, and merged with others. 1000 from 1.40 on, 1200 from 1.47 on.
    nameLength: 182,
    // Tags are a part of the name.
    tagLength: Infinity,
    // statsd_process_counter_or_meter: counters are int64. statsd_flush_gauge: gauges, too, times decimal_detail, 1000.
    counter: INT64,
    gauge: INT64 / 1000,
  },
  // netdata_fix_chart_id lower-cases ids; statsd_get_metric_type_and_id: they end in the type; the first `.` or `_` separates type and id and is a dot afterwards.
  nameCollisions: { ignoreCase: true, equivalentCharacters: /[._]/g },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
