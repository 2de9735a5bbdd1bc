import type { Dialect } from './dialect.js';
import { INT64, PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

/** The CloudWatch agent, an early fork of Telegraf: Influx tags, `name,key=value,key2=value2:1|c`. Sources as of 1.300071.0. */
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
    // parseName splits at `,`, parseKeyValue at `=`. CloudWatch's API (Dimension) takes ASCII alone, and refuses a whole
    // request, some hundred metrics, for one other character: plugins/outputs/cloudwatch/cloudwatch.go drops them.
    tagKey: /[^A-Za-z0-9_./-]/gu,
    // parseKeyValue drops a tag with a second `=`; lines are split at every `:` and `|`.
    tagValue: /[^!-~]|[,=:|]/gu,
  },
  // parseStatsdLine overwrites this tag with the type.
  reservedTags: { keys: /^metric_type$/, rename: '$&_' },
  // parseStatsdLine: `d` is an error.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // aggregate(): a timing is kept as it is.
  timeUnit: 'ms',
  acceptedTypes: ['c', 'g', 'ms', 'h', 's'],
  // parseStatsdLine: a sign makes a gauge additive. One goroutine (parser) reads all lines, in order.
  negativeGauge: 'zero-first',
  // parseStatsdLine: int64(ParseFloat(value)).
  counterDecimals: 0,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // aggregate(): the distribution gets the weight 1/rate.
    rate: 'weighted',
    // metric/distribution/distribution.go AddEntry: weights are doubles.
    maxWeight: Number.MAX_SAFE_INTEGER,
    // parseStatsdLine: of `1:2|h` the first piece has no type, and the line is given up.
    packed: false,
    // parseStatsdLine rejects a signed `ms` or `h`.
    negative: false,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // plugins/inputs/statsd/statsd.go aggregate(): a map of texts, of which a leading sign is rejected.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // parseStatsdLine reads three sections of a line.
  timestamps: 'never',
  limits: {
    // plugins/inputs/statsd/statsd.go UDP_MAX_PACKET_SIZE: 64 KiB.
    datagramBytes: WHOLE_DATAGRAM,
    lineBytes: WHOLE_DATAGRAM,
    // CloudWatch's API: MetricDatum has a name of up to 255 characters, Dimension a value of up to 1024.
    nameLength: 255,
    tagLength: 1024,
    // parseStatsdLine: counters are int64. CloudWatch's API (MetricDatum) refuses values beyond ±2^360.
    counter: INT64,
    gauge: 2 ** 360,
  },
  // parseName: the default template turns `.` into metric_separator, which is `_`. The tag metric_type keeps types apart.
  nameCollisions: { ignoreCase: false, equivalentCharacters: /\./g },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
