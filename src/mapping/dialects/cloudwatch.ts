import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

/** The CloudWatch agent, an early fork of Telegraf: Influx tags, `name,key=value,key2=value2:1|c`. */
export const cloudwatch: Dialect = {
  name: 'cloudwatch',
  // plugins/inputs/statsd/statsd.go: UDP only, service_address :8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // parseName. DogStatsD tags need parse_data_dog_tags, which the plugin leaves off.
  tags: { place: 'name', open: ',', assign: '=', separator: ',', close: '' },
  illegal: {
    name: /[^A-Za-z0-9_.-]/gu,
    // parseName splits at `,`, parseKeyValue at `=`.
    tagKey: /[^\p{L}\p{N}_./-]/gu,
    // parseKeyValue drops a tag with a second `=`; lines are split at every `:` and `|`.
    tagValue: /[,=:|\s\p{Cc}\p{Cs}]/gu,
  },
  // parseStatsdLine overwrites this tag with the type.
  reservedTags: { keys: /^metric_type$/, rename: '$&_' },
  // `d` is an error.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // A timing is kept as it is, and its CloudWatch unit is milliseconds.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  // A sign makes a gauge additive; one goroutine parses all lines, in order.
  negativeGauge: 'zero-first',
  // parseStatsdLine: int64(ParseFloat(value)).
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // aggregate(): the distribution gets the weight 1/rate.
    rate: 'weighted',
    maxWeight: Number.MAX_SAFE_INTEGER,
    // `1:2|h`: the first piece has no type, and the line is given up.
    packed: false,
    // A signed `ms` or `h` is rejected.
    negative: false,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // plugins/inputs/statsd/statsd.go aggregate(): a map of texts, of which a leading sign is rejected.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // A `T` section is ignored.
  timestamps: 'never',
  limits: {
    // udpMaxPacketSize: 64 KiB.
    datagramBytes: WHOLE_DATAGRAM,
    lineBytes: WHOLE_DATAGRAM,
    nameLength: Infinity,
    tagLength: Infinity,
    // Counters are int64; metric/distribution refuses values beyond ±2^360.
    counter: INT64,
    gauge: 2 ** 360,
  },
  // The default template turns `.` into metric_separator, which is `_`.
  nameCollisions: { ignoreCase: false, equivalentCharacters: /\./g },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
