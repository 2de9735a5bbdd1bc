import { EXCEPT_LETTERS_AND_DIGITS, SEPARATORS_AND_CONTROLS } from './characters.js';
import type { Dialect } from './dialect.js';
import { PLAIN_MEMBER, WHOLE_DATAGRAM } from './limits.js';

const BOTH = 'its Prometheus sink reports both under this name';

/** Vector's statsd source: `name:1|c|#key:value,key2:value2`. Sources as of 0.58.0. */
export const vector: Dialect = {
  name: 'vector',
  // src/sources/statsd/mod.rs: mode and address have to be configured; its examples use UDP and 8125.
  defaultProtocol: 'udp',
  defaultPort: 8125,
  line: 'statsd',
  // src/sources/statsd/parser.rs: tags right after the type or the sample rate.
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // parser.rs sanitize_key deletes all but these and turns `/` into `-`.
    name: /[^A-Za-z0-9_.-]/gu,
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // parser.rs parse and parse_tags split at `|` and `,`; the text must be valid UTF-8.
    tagValue: SEPARATORS_AND_CONTROLS,
  },
  reservedTags: undefined,
  // parser.rs: `ms` is divided by 1000 (convert_to: seconds); `h` and `d` stay as they are.
  types: { counter: 'c', gauge: 'g', timer: 'ms', histogram: 'h' },
  // What convert_to makes of timers.
  timeUnit: 's',
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd', 's'],
  // parser.rs parse_direction: a sign makes an incremental gauge.
  negativeGauge: 'zero-first',
  // parser.rs: f64.
  counterDecimals: Infinity,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // parser.rs: a value counts (1/rate) as u32 times.
    rate: 'weighted',
    maxWeight: 2 ** 32 - 1,
    // src/sinks/util/buffer/metrics/mod.rs and src/sinks/util/statistic.rs add these counts up as u32, too.
    maxCount: 2 ** 32 - 1,
    // parser.rs: `1:2` is no number.
    packed: false,
    // Any f64.
    negative: true,
    // Twenty strata are one for each 5 %; without packing each costs a line.
    perPoint: 20,
  },
  // src/sources/statsd/parser.rs: the text up to `|`; sinks count the members.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // parser.rs reads three sections of a line after the value.
  timestamps: 'never',
  limits: {
    // src/sources/statsd/mod.rs statsd_udp reads whole datagrams.
    datagramBytes: WHOLE_DATAGRAM,
    // mod.rs NewlineDelimitedDecoder::new has no bound.
    lineBytes: Infinity,
    // parser.rs takes names and tags of any length; values are f64.
    nameLength: Infinity,
    tagLength: Infinity,
    counter: Infinity,
    gauge: Infinity,
  },
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // src/sinks/prometheus/collector.rs encode_metric.
    betweenTypes: [{ types: ['c', 'g', 's'], effect: BOTH }],
    derivedNames: [
      // `_min`, `_max` and `_avg` of summaries.
      {
        from: ['ms', 'h', 'd'],
        pattern: /^(.+)_(?:bucket|count|sum|min|max|avg)$/,
        with: ['c', 'g', 's'],
        effect: BOTH,
      },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
