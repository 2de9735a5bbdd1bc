// Which options there are, and what each must look like. The keys of the tables are the options
// themselves, so an option without a check does not compile.

import { dialects } from '../../mapping/dialects/index.js';
import { MAX_VALUES } from '../../mapping/histograms/samples/choose-samples.js';
import { templateFault } from '../../mapping/naming/templates.js';
import { ENDPOINT_PROTOCOLS, isPathProtocol, parseEndpoint } from '../../transport/endpoint/endpoint.js';
import { EXIT_EVENTS } from '../flush-on-exit.js';
import { CARDINALITIES } from '../origin/origin-fields.js';
import { ConfigError, type ConfigFault } from './config-error.js';
import type {
  FlushOnOptions,
  HistogramOptions,
  OriginOptions,
  PacingOptions,
  QueueOptions,
  StatsdExporterOptions,
} from './options.js';
import { faultsOf, type Nested } from './validate.js';
import {
  type Check,
  isAscendingList,
  isBoolean,
  isFalse,
  isFunction,
  isHost,
  isObject,
  isOneOf,
  isPath,
  isPercentileList,
  isPortNumber,
  isRecord,
  isTextListOrRecord,
  isTextRecord,
  isTimeout,
  isWholeNumber,
  isWritable,
} from './validators.js';

/** A table of checks for the options of an object; a table within stands for an object within. */
type Checks<T> = { readonly [K in keyof Required<T>]: Check | Nested };

export const isEndpointUrl: Check = (value) =>
  typeof value === 'string' && parseEndpoint(value) !== undefined
    ? undefined
    : 'a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125"';

export const isDialectName: Check = isOneOf(Object.keys(dialects));

export const isDelivery: Check = isOneOf(['confirmed', 'persistent']);

export const isHistogramMode: Check = isOneOf(['samples', 'summary', 'buckets']);

/** What every built-in dialect has; the others are optional. */
const REQUIRED_FIELDS = Object.keys(dialects.statsd).filter((field) =>
  Object.values(dialects).every((dialect) => field in dialect),
);

/** Shallow on purpose: a record made from a built-in one has every field, and nobody writes one from nothing. */
const isDialect: Check = (value) => {
  if (isDialectName(value) === undefined) return undefined;
  if (isRecord(value) && REQUIRED_FIELDS.every((field) => field in value)) return undefined;
  return `${isDialectName(value)}, or a Dialect record with ${REQUIRED_FIELDS.join(', ')}`;
};

const isTemporality: Check = (value) =>
  value === 'delta' || typeof value === 'function'
    ? undefined
    : '"delta" or a function of the instrument type';

const isTemplate: Check = (value) => (typeof value === 'string' ? templateFault(value) : 'a string');

const isNamingRules: Check = (value) => {
  if (typeof value === 'function') return undefined;
  if (!isRecord(value)) return 'a function, or an object from metric name to template or function';
  const wrong = Object.entries(value).find(
    ([, rule]) => typeof rule !== 'function' && isTemplate(rule) !== undefined,
  );
  return (
    wrong &&
    `for ${JSON.stringify(wrong[0])} a function or ${templateFault(String(wrong[1])) ?? 'a template'}`
  );
};

const histogramChecks: Checks<HistogramOptions> = {
  mode: isHistogramMode,
  maxSamples: isWholeNumber(2, 'samples', MAX_VALUES),
  sampleWeight: isWholeNumber(1, 'recordings'),
  boundaries: isAscendingList,
  exactSum: isBoolean,
  percentiles: isPercentileList,
};

const pacingChecks: Checks<PacingOptions> = {
  // Less would take longer than a minute for one chunk.
  bytesPerSecond: isWholeNumber(1_000, 'bytes'),
  datagramsPerSecond: isWholeNumber(1, 'datagrams'),
};

const queueChecks: Checks<QueueOptions> = {
  softBytes: isWholeNumber(0, 'bytes'),
  maxSeries: isWholeNumber(0, 'series'),
  // Less than one chunk could not hold a single export.
  maxBytes: isWholeNumber(65_536, 'bytes'),
};

const isExitEvents: Check = (value) =>
  Array.isArray(value) && value.every((event) => EXIT_EVENTS.includes(event))
    ? undefined
    : `a list of ${EXIT_EVENTS.join(', ')}`;

const flushOnChecks: Checks<FlushOnOptions> = { events: isExitEvents, collect: isFunction };

const isMeterProvider: Check = (value) =>
  isRecord(value) && typeof value['getMeter'] === 'function' ? undefined : 'a MeterProvider';

const isText: Check = (value) => (typeof value === 'string' ? undefined : 'a string');

const originChecks: Checks<OriginOptions> = {
  containerId: isText,
  externalData: isText,
  cardinality: isOneOf(CARDINALITIES),
};

const exporterChecks: Checks<StatsdExporterOptions> = {
  endpoint: isEndpointUrl,
  host: isHost,
  port: isPortNumber,
  protocol: isOneOf(ENDPOINT_PROTOCOLS),
  path: isPath,
  stream: isWritable,
  lines: isFunction,
  dialect: isDialect,
  prefix: isTemplate,
  layout: isOneOf(['plain', 'sprockets']),
  names: isNamingRules,
  tags: isTextRecord,
  resourceTags: isTextListOrRecord,
  histograms: { options: histogramChecks, otherwise: isHistogramMode },
  originDetection: { options: originChecks, otherwise: isBoolean },
  timestamps: isBoolean,
  temporality: isTemporality,
  delivery: isDelivery,
  onUnconfirmed: isOneOf(['resend', 'drop']),
  tls: isObject,
  pacing: { options: pacingChecks, otherwise: isFalse },
  // The most that an IPv4 datagram can carry.
  maxPayloadBytes: isWholeNumber(64, 'bytes', 65_507),
  queue: { options: queueChecks },
  connectTimeoutMillis: isTimeout,
  stallTimeoutMillis: isTimeout,
  confirmTimeoutMillis: isTimeout,
  flushTimeoutMillis: isTimeout,
  shutdownTimeoutMillis: isTimeout,
  flushOn: { options: flushOnChecks, otherwise: isExitEvents },
  selfObsMeterProvider: isMeterProvider,
  lookup: isFunction,
  enabled: isBoolean,
};

/** Throws one `ConfigError` with every fault of the options; `undefined` counts as not given. */
export function checkOptions(options: unknown): asserts options is StatsdExporterOptions {
  if (!isRecord(options)) {
    throw new ConfigError([{ option: 'options', expected: 'an object', actual: options }]);
  }
  const faults = [...faultsOf(options, exporterChecks, ''), ...conflictsOf(options)];
  if (faults.length > 0) throw new ConfigError(faults);
}

/** Ways to say where lines go, strongest first, and what then has nothing left to say. */
const EXCLUSIONS: readonly (readonly [option: string, others: readonly string[]])[] = [
  ['endpoint', ['host', 'port', 'protocol', 'path', 'stream', 'lines']],
  ['stream', ['host', 'port', 'protocol', 'path', 'lines']],
  ['lines', ['host', 'port', 'protocol', 'path']],
  ['path', ['host', 'port']],
];

function* conflictsOf(options: Readonly<Record<string, unknown>>): Generator<ConfigFault> {
  const isGiven = (option: string): boolean => options[option] !== undefined;
  const [decisive, others] = EXCLUSIONS.find(([option]) => isGiven(option)) ?? ['', []];
  for (const option of others.filter(isGiven)) {
    yield {
      option,
      expected: `nothing beside ${decisive}, which names it already`,
      actual: options[option],
    };
  }
  const { protocol, path } = options;
  const known = ENDPOINT_PROTOCOLS.find((name) => name === protocol);
  if (others.includes('protocol') || known === undefined) return;
  if (isPathProtocol(known) !== (path !== undefined)) {
    const expected = isPathProtocol(known) ? 'a path beside it' : 'unix or unixgram beside path';
    yield { option: 'protocol', expected, actual: protocol };
  }
}
