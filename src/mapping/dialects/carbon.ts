import { EXCEPT_LETTERS_AND_DIGITS, orControls } from './characters.js';
import type { Dialect } from './dialect.js';

/**
 * Graphite's carbon without a StatsD server before it: `path;key=value 1 1700000000`. It stores one value per series
 * and step, so let the export interval be no shorter than the finest retention. Sources as of carbon 1.1.10.
 */
export const carbon: Dialect = {
  name: 'carbon',
  // conf/carbon.conf.example: LINE_RECEIVER_PORT 2003 over TCP; ENABLE_UDP_LISTENER is off.
  defaultProtocol: 'tcp',
  defaultPort: 2003,
  // lib/carbon/protocols.py MetricLineReceiver: exactly three tokens.
  line: 'plaintext',
  // lib/carbon/util.py TaggedSeries.parse_carbon (Graphite 1.1 and later).
  tags: { place: 'name', open: ';', assign: '=', separator: ';', close: '' },
  illegal: {
    name: /[^A-Za-z0-9_.-]/gu,
    // TaggedSeries forbids `; ! ^ =` in keys.
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // `;` ends a tag and any white space the path; a value must not begin with `~`, and a path with `{` that ends in
    // `"}` is read as OpenMetrics.
    tagValue: orControls(/^~|[;"{}\s]/u),
  },
  // The tag `name` is the path itself; VictoriaMetrics calls it `__name__`.
  reservedTags: { keys: /^(?:name|__name__)$/, rename: '$&_' },
  // A line has no type.
  types: { counter: '', gauge: '', timer: '', histogram: '' },
  // There are no timers, so every time keeps its unit.
  timeUnit: 'instrument',
  acceptedTypes: [],
  // lineReceived: a sign is a part of the number.
  negativeGauge: 'absolute',
  // lib/carbon/protocols.py lineReceived: float(value).
  counterDecimals: Infinity,
  negativeCounter: true,
  // Nothing is computed of samples.
  histograms: 'summary',
  samples: { rate: 'none', maxWeight: 1, packed: false, negative: false, perPoint: 1 },
  sets: undefined,
  timestamps: 'required',
  limits: {
    // twisted/internet/udp.py Port: maxPacketSize. What is longer is cut, and its last line stored with a shortened time.
    datagramBytes: 8192,
    // twisted/protocols/basic.py LineOnlyReceiver.MAX_LENGTH: a longer line ends the connection.
    lineBytes: 16_384,
    // lib/carbon/util.py TaggedSeries.encode: series with tags are stored by the hash of their text.
    nameLength: Infinity,
    tagLength: Infinity,
    // Whisper stores doubles.
    counter: Infinity,
    gauge: Infinity,
  },
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // lib/carbon/cache.py store: one value per path and timestamp.
    betweenTypes: [
      { effect: 'where their attributes are equal, the later value of a second replaces the earlier' },
    ],
  },
  resourceTags: {},
  readsDatadogEnvironment: false,
};
