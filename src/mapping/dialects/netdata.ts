import type { Dialect } from './dialect.js';
import { INT64 } from './limits.js';

/**
 * Netdata's statsd.plugin, attributes folded into the name, for it ignores tags. It keeps three decimals of gauges,
 * timers and histograms.
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
  // `d` is a dictionary of strings.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // Charts of timers are in milliseconds.
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
    // A rate below 0.01 is taken as 0.01.
    maxWeight: 100,
    // `1:2:3|ms` is 1.
    packed: false,
    negative: true,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // statsd_process ends a value at `@` and `#`; statsd_process_set ignores `zinit`.
  sets: { members: /^(?!zinit$)[A-Za-z0-9][!"$-9;-?A-{}~]{0,59}$/, isEstimate: false },
  // Other sections are read over.
  timestamps: 'never',
  limits: {
    // STATSD_UDP_BUFFER_SIZE 9000, less the closing NUL; what was cut off last is parsed.
    datagramBytes: 8999,
    // STATSD_TCP_BUFFER_SIZE 65,536, less the closing NUL and the newline; a longer line ends the connection.
    lineBytes: 65_534,
    // rrd.h RRD_ID_LENGTH_MAX 1000, less the prefix `statsd_` and the kind of metric; longer ids are cut.
    nameLength: 960,
    tagLength: Infinity,
    // Counters are int64; gauges, too, times 1000 for their three decimals.
    counter: INT64,
    gauge: INT64 / 1000,
  },
  // Chart ids are lower-cased; the first `.` or `_` separates type and id and is a dot afterwards.
  nameCollisions: { ignoreCase: true, equivalentCharacters: /[._]/g },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
