import { EXCEPT_LETTERS_AND_DIGITS, orControls } from './characters.js';
import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

/**
 * Telegraf's statsd input as it is configured by default: Influx tags, `name,key=value,key2=value2:1|c`. Sources
 * as of 1.37.2.
 */
export const telegraf: Dialect = {
  name: 'telegraf',
  // plugins/inputs/statsd/statsd.go: protocol defaults to udp, service_address to :8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // statsd.go parseName. DogStatsD tags need datadog_extensions; without it they are lost and their values merged.
  tags: { place: 'name', open: ',', assign: '=', separator: ',', close: '' },
  illegal: {
    // statsd.go ends a name at white space; the rest is what any StatsD server takes.
    name: /[^A-Za-z0-9_.-]/gu,
    // parseName splits at `,`, parseKeyValue at the first `=`.
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // parseStatsdLine splits at every `:` and `|`; nothing can be escaped.
    tagValue: orControls(/[,:|\s]/u),
  },
  // parseStatsdLine overwrites this tag with the type.
  reservedTags: { keys: /^metric_type$/, rename: '$&_' },
  // statsd.go aggregate(): timings and histograms are alike; `d` is for datadog_distributions alone and ignores the rate.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // running_stats.go addValue keeps the value of the line.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  misreadTypes: { d: 'is read only with datadog_extensions and datadog_distributions' },
  // parseStatsdLine: a sign makes a gauge additive. Over TCP each line goes to one of five parser goroutines by itself, over UDP a
  // datagram does: only the parts of one line are sure to be applied in order. Parts of two lines that come at once may
  // still alternate (aggregate() locks for one part), and -5 become -10 until the next export.
  negativeGauge: 'single-line',
  // parseStatsdLine: int64(ParseFloat(value)).
  counterDecimals: 0,
  negativeCounter: true,
  // running_stats.go keeps percentile_limit (1000) values, so percentiles of weighted samples come out wrong.
  histograms: 'summary',
  samples: {
    // aggregate() adds the value int(1/rate) times: right as long as percentile_limit is above the count.
    rate: 'weighted',
    // aggregate(): the loop takes time in proportion.
    maxWeight: 65_536,
    // parseStatsdLine: of `1:2|h` the first piece has no type, and the line is given up.
    packed: false,
    // parseStatsdLine rejects a signed `ms`, `h` or `d`.
    negative: false,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // statsd.go aggregate(): a map of texts, of which a leading sign is rejected.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // parseStatsdLine reads three sections of a line.
  timestamps: 'never',
  limits: {
    // statsd.go udpMaxPacketSize: 64 KiB.
    datagramBytes: WHOLE_DATAGRAM,
    // handler: bufio.Scanner gives up a TCP connection at a longer line.
    lineBytes: 65_535,
    // parseName takes names and tags of any length.
    nameLength: Infinity,
    tagLength: Infinity,
    // aggregate(): counters are int64, gauges float64.
    counter: INT64,
    gauge: Infinity,
  },
  // parseName: the default template turns `.` into metric_separator, which is `_`. The tag metric_type keeps types apart.
  nameCollisions: { ignoreCase: false, equivalentCharacters: /\./g },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
