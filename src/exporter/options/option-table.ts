// Every option of the exporter in one row: how its value is checked, its default, and the variables that set it.
// Checks, suggestions for unknown options, defaults, the reading of the environment and the documentation's tables come
// from here. The keys are the options themselves, so an option without a row does not compile.

import type { AttributeRules } from '../../mapping/attributes/attribute-filter.js';
import { MAX_VALUES } from '../../mapping/histograms/samples/choose-samples.js';
import { namePresets } from '../../mapping/naming/presets/index.js';
import { templateFault } from '../../mapping/naming/templates.js';
import type { SetAttributes } from '../../mapping/sets.js';
import { ENDPOINT_PROTOCOLS, HOST_PROTOCOLS, isPathProtocol } from '../../transport/endpoint/protocols.js';
import { EXIT_EVENTS } from '../flush-on-exit.js';
import { CARDINALITIES } from '../origin/origin-fields.js';
import type { OptionRow, OptionTable } from './check-options.js';
import {
  type Check,
  expectAscendingList,
  expectBoolean,
  expectEndpoint,
  expectFalse,
  expectFunction,
  expectHost,
  expectInteger,
  expectList,
  expectOneOf,
  expectPath,
  expectPercentile,
  expectPort,
  expectRecord,
  expectString,
  expectText,
  expectTimeout,
  expectWritable,
  isRecord,
  isStringList,
  unavailable,
} from './checks.js';
import { MAX_QUEUE_BYTES, MAX_SERIES, SHUTDOWN_TIMEOUT_MILLIS } from './defaults.js';
import { DIALECT, expectDialectName } from './dialect-table.js';
import type {
  FlushOnOptions,
  HistogramOptions,
  OriginOptions,
  PacingOptions,
  QueueOptions,
  StatsdExporterOptions,
} from './options.js';
import { asText, commaList, flag, member, pairs, wholeNumber, word } from './variable-readers.js';

const expectDelivery: Check = expectOneOf(['confirmed', 'persistent']);

const expectHistogramMode: Check = expectOneOf(['samples', 'summary', 'buckets']);

const expectTimeUnit: Check = expectOneOf(['ms', 's', 'instrument']);

const expectTemporality: Check = (value) =>
  value === 'delta' || typeof value === 'function'
    ? undefined
    : '"delta" or a function of the instrument type';

const expectTemplate: Check = (value) => (typeof value === 'string' ? templateFault(value) : 'a string');

const expectPreset: Check = expectOneOf(Object.keys(namePresets));

const expectNames: Check = (value) => {
  if (typeof value === 'function' || isRecord(value)) return undefined;
  if (typeof value === 'string') return expectPreset(value);
  return `${expectPreset(value)}, a function, or an object from metric name to template or function`;
};

const expectNameRule: Check = (rule) => {
  if (typeof rule === 'function') return undefined;
  if (!isRecord(rule)) return expectTemplate(rule) && `a function or ${expectTemplate(rule)}`;
  if (expectTemplate(rule['name']) !== undefined)
    return `an object with, as its name, ${expectTemplate(rule['name'])}`;
  return isStringList(rule['attributes'])
    ? undefined
    : 'an object with, as its attributes, a list of attribute names';
};

const expectSelection: Check = (value) =>
  isStringList(value) || (isRecord(value) && isStringList(value['except']) && Object.keys(value).length === 1)
    ? undefined
    : 'a list of attribute names to keep, or { except: [...] } with those to remove';

const EXIT_EVENT_LIST = {
  check: expectList(`a list of ${EXIT_EVENTS.join(', ')}`),
  items: expectOneOf(EXIT_EVENTS),
};

const expectResourceTags: Check = (value) =>
  Array.isArray(value) || isRecord(value)
    ? undefined
    : 'a list of attribute names, or an object from attribute name to tag name';

const expectMeterProvider: Check = (value) =>
  isRecord(value) && typeof value['getMeter'] === 'function' ? undefined : 'a MeterProvider';

/** datadog-go statsd.go: a datagram socket is `unix://` there, a stream socket `unixstream://`. */
const datadogUrl = {
  read: (text: string) => text.replace(/^unix:/i, 'unixgram:').replace(/^unixstream:/i, 'unix:'),
  check: (value: unknown) =>
    expectEndpoint(value) && 'a URL such as "udp://127.0.0.1:8125" or "unix:///var/run/datadog/dsd.socket"',
};

const datadogSocket = {
  read: (text: string) => `unixgram://${text}`,
  check: (value: unknown) =>
    expectEndpoint(value) && (unavailable('another variable', 'unixgram') ?? 'an absolute path'),
  format: '(the path of a datagram socket)',
};

const HISTOGRAMS = {
  mode: { check: expectHistogramMode },
  maxSamples: { check: expectInteger(2, 'samples', MAX_VALUES) },
  sampleWeight: { check: expectInteger(1, 'recordings') },
  boundaries: { check: expectAscendingList },
  exactSum: { check: expectBoolean },
  exactMax: { check: expectBoolean, default: false },
  percentiles: {
    check: expectList('a list of percentiles such as [50, 99]'),
    items: expectPercentile,
    default: [] as readonly number[],
  },
} satisfies OptionTable<HistogramOptions>;

const ORIGIN = {
  containerId: { check: expectString },
  externalData: { check: expectString },
  cardinality: { check: expectOneOf(CARDINALITIES) },
} satisfies OptionTable<OriginOptions>;

const PACING = {
  // Less would take longer than a minute for one chunk.
  bytesPerSecond: { check: expectInteger(1_000, 'bytes') },
  datagramsPerSecond: { check: expectInteger(1, 'datagrams') },
} satisfies OptionTable<PacingOptions>;

const QUEUE = {
  // Some 160,000 lines: exports of short outages are kept as they are.
  softBytes: { check: expectInteger(0, 'bytes'), default: 16 * 2 ** 20 },
  // Less than one chunk could not hold a single export.
  maxBytes: { check: expectInteger(65_536, 'bytes'), default: MAX_QUEUE_BYTES },
  maxSeries: { check: expectInteger(0, 'series'), default: MAX_SERIES },
} satisfies OptionTable<QueueOptions>;

const FLUSH_ON = {
  events: { ...EXIT_EVENT_LIST, default: EXIT_EVENTS },
  collect: { check: expectFunction },
} satisfies OptionTable<FlushOnOptions>;

export const OPTIONS = {
  endpoint: {
    check: expectEndpoint,
    variables: {
      OTEL_EXPORTER_STATSD_ENDPOINT: asText,
      DD_DOGSTATSD_SOCKET: datadogSocket,
      DD_DOGSTATSD_URL: datadogUrl,
    },
    excludes: ['host', 'port', 'protocol', 'path', 'stream', 'lines'],
  },
  host: { check: expectHost, variables: { STATSD_HOST: asText, DD_AGENT_HOST: asText } },
  port: { check: expectPort, variables: { STATSD_PORT: wholeNumber, DD_DOGSTATSD_PORT: wholeNumber } },
  protocol: {
    check: expectOneOf(ENDPOINT_PROTOCOLS),
    variables: { STATSD_PROTOCOL: word(expectOneOf(HOST_PROTOCOLS)) },
    conflict({ protocol, path }) {
      const known = ENDPOINT_PROTOCOLS.find((name) => name === protocol);
      if (known === undefined) return undefined;
      if (isPathProtocol(known) === (path !== undefined)) return unavailable('another protocol', known);
      return isPathProtocol(known)
        ? `${known} needs the option path`
        : `${known} cannot be combined with path; expected "unix" or "unixgram"`;
    },
  },
  path: { check: expectPath, excludes: ['host', 'port', 'stream', 'lines'] },
  stream: { check: expectWritable, excludes: ['host', 'port', 'protocol', 'lines'] },
  lines: { check: expectFunction, excludes: ['host', 'port', 'protocol'] },
  dialect: {
    check: expectDialectName,
    options: DIALECT,
    variables: { OTEL_EXPORTER_STATSD_DIALECT: word(expectDialectName) },
  },
  // The default depends on `names`.
  prefix: {
    check: expectTemplate,
    variables: { OTEL_EXPORTER_STATSD_PREFIX: asText, STATSD_PREFIX: asText },
  },
  // The default depends on the dialect.
  names: {
    check: expectNames,
    items: expectNameRule,
    variables: { OTEL_EXPORTER_STATSD_NAMES: { ...word(expectPreset), format: '(a preset)' } },
  },
  attributes: {
    check: expectRecord('an object from metric name to attributes'),
    items: expectSelection,
    default: {} as AttributeRules,
  },
  tags: {
    check: expectRecord('an object from tag name to value'),
    items: expectString,
    variables: { OTEL_EXPORTER_STATSD_TAGS: pairs(',', '=', 'as `key=value,key2=value2`') },
  },
  resourceTags: {
    check: expectResourceTags,
    items: expectString,
    variables: { OTEL_EXPORTER_STATSD_RESOURCE_TAGS: commaList },
  },
  histograms: {
    check: expectHistogramMode,
    options: HISTOGRAMS,
    variables: { OTEL_EXPORTER_STATSD_HISTOGRAMS: { ...word(expectHistogramMode), format: '(the mode)' } },
  },
  sets: {
    check: expectRecord('an object from metric name to attribute name'),
    items: expectText,
    default: {} as SetAttributes,
  },
  scopeTags: { check: expectBoolean, default: false },
  // The default is the dialect's.
  timeUnit: { check: expectTimeUnit },
  originDetection: {
    check: expectBoolean,
    options: ORIGIN,
    variables: {
      DD_ORIGIN_DETECTION_ENABLED: flag,
      DD_EXTERNAL_ENV: member('externalData'),
      DD_CARDINALITY: member('cardinality', (text) => text.toLowerCase()),
      DATADOG_CARDINALITY: member('cardinality', (text) => text.toLowerCase()),
    },
  },
  timestamps: { check: expectBoolean, default: false },
  temporality: { check: expectTemporality, default: 'delta' },
  delivery: {
    check: expectDelivery,
    default: 'confirmed',
    variables: { OTEL_EXPORTER_STATSD_DELIVERY: word(expectDelivery) },
  },
  onUnconfirmed: { check: expectOneOf(['resend', 'drop']), default: 'resend' },
  tls: { check: expectRecord('an object'), isSecret: true, default: {} },
  pacing: { check: expectFalse, options: PACING, default: {} },
  // The most that an IPv4 datagram can carry. The default depends on the protocol.
  maxPayloadBytes: { check: expectInteger(64, 'bytes', 65_507) },
  queue: { options: QUEUE, default: {} },
  connectTimeoutMillis: { check: expectTimeout, default: 5_000 },
  // Shorter ones made duplicates out of pauses that the server would have ended.
  stallTimeoutMillis: { check: expectTimeout, default: 30_000 },
  confirmTimeoutMillis: { check: expectTimeout, default: 60_000 },
  // The default is shutdownTimeoutMillis.
  flushTimeoutMillis: {
    check: expectTimeout,
    variables: { OTEL_EXPORTER_STATSD_TIMEOUT: wholeNumber },
  },
  shutdownTimeoutMillis: {
    check: expectTimeout,
    default: SHUTDOWN_TIMEOUT_MILLIS,
    variables: { OTEL_EXPORTER_STATSD_TIMEOUT: wholeNumber },
  },
  flushOn: { ...EXIT_EVENT_LIST, options: FLUSH_ON },
  selfObsMeterProvider: { check: expectMeterProvider },
  onEvent: { check: expectFunction },
  lookup: { check: expectFunction },
  enabled: { check: expectBoolean, default: true, variables: { STATSD_ENABLED: flag } },
} as const satisfies OptionTable<StatsdExporterOptions>;

/** Tags from Datadog's variables, besides those of the option `tags`; of one name the later variable wins. */
export const DATADOG_TAGS = {
  check: expectRecord('an object from tag name to value'),
  items: expectString,
  variables: {
    // datadog documents both separators.
    DD_TAGS: pairs(/[,\s]+/, ':', 'as `key:value,key2:value2`'),
    DD_ENV: member('env'),
    DD_SERVICE: member('service'),
    DD_VERSION: member('version'),
    DD_ENTITY_ID: member('dd.internal.entity_id'),
  },
} satisfies OptionRow<Readonly<Record<string, string>>>;

/**
 * The tables by the name of their interface.
 * @public read by scripts/docs, from `build/`
 */
export const OPTION_TABLES = {
  StatsdExporterOptions: OPTIONS,
  HistogramOptions: HISTOGRAMS,
  QueueOptions: QUEUE,
  PacingOptions: PACING,
  FlushOnOptions: FLUSH_ON,
  OriginOptions: ORIGIN,
};
