// The only reader of environment variables. An empty variable counts as unset (OpenTelemetry specification,
// "environment variables"); a bad one is warned about and counts as unset too.

import type { DialectName } from '../../mapping/dialects/index.js';
import type { HistogramMode } from '../../mapping/options.js';
import {
  type EndpointProtocol,
  HOST_PROTOCOLS,
  isSocketPath,
  parseEndpoint,
} from '../../transport/endpoint/endpoint.js';
import { CARDINALITIES } from '../origin/origin-fields.js';
import { isDelivery, isDialectName, isEndpointUrl, isHistogramMode } from './option-schema.js';
import { type Check, isHost, isOneOf, isPortNumber, isTimeout } from './validators.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Some or all parts of a destination; `isWhole` when no other source may add to it. */
export interface EndpointParts {
  readonly isWhole?: boolean;
  readonly protocol?: EndpointProtocol | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
}

/** What the Datadog agent is told of where metrics come from. */
export interface DatadogOrigin {
  readonly isEnabled?: boolean;
  /** Put there by the admission controller of the Datadog cluster agent. */
  readonly externalData?: string;
  readonly cardinality?: string;
}

/** What the environment says; undefined where it says nothing usable. */
export interface EnvironmentSettings {
  /** Strongest first: our own variables, StatsD's, Datadog's. */
  readonly endpoints: readonly EndpointParts[];
  readonly dialect: DialectName | undefined;
  readonly prefix: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly datadogTags: Readonly<Record<string, string>>;
  readonly datadogOrigin: DatadogOrigin;
  readonly resourceTags: readonly string[] | undefined;
  readonly histograms: HistogramMode | undefined;
  readonly delivery: 'confirmed' | 'persistent' | undefined;
  readonly timeoutMillis: number | undefined;
  readonly enabled: boolean | undefined;
}

const DATADOG_AGENT_VARIABLES = [
  'DD_AGENT_HOST',
  'DD_DOGSTATSD_PORT',
  'DD_DOGSTATSD_URL',
  'DD_DOGSTATSD_SOCKET',
] as const;

/** The variables behind settings, strongest first; of endpoints, for each source in turn. */
const SETTING_VARIABLES = {
  endpoints: [
    ['OTEL_EXPORTER_STATSD_ENDPOINT'],
    ['STATSD_HOST', 'STATSD_PORT', 'STATSD_PROTOCOL'],
    ['DD_DOGSTATSD_SOCKET', 'DD_DOGSTATSD_URL'],
    ['DD_AGENT_HOST', 'DD_DOGSTATSD_PORT'],
  ],
  dialect: ['OTEL_EXPORTER_STATSD_DIALECT', ...DATADOG_AGENT_VARIABLES],
  prefix: ['OTEL_EXPORTER_STATSD_PREFIX', 'STATSD_PREFIX'],
  tags: ['OTEL_EXPORTER_STATSD_TAGS'],
  datadogTags: ['DD_TAGS', 'DD_ENV', 'DD_SERVICE', 'DD_VERSION', 'DD_ENTITY_ID'],
  datadogOrigin: ['DD_ORIGIN_DETECTION_ENABLED', 'DD_EXTERNAL_ENV', 'DD_CARDINALITY', 'DATADOG_CARDINALITY'],
  resourceTags: ['OTEL_EXPORTER_STATSD_RESOURCE_TAGS'],
  histograms: ['OTEL_EXPORTER_STATSD_HISTOGRAMS'],
  delivery: ['OTEL_EXPORTER_STATSD_DELIVERY'],
  timeoutMillis: ['OTEL_EXPORTER_STATSD_TIMEOUT'],
  enabled: ['STATSD_ENABLED'],
} satisfies { readonly [S in keyof EnvironmentSettings]?: readonly (string | readonly string[])[] };

/** A setting that can be traced to a variable. */
export type TracedSetting = Exclude<keyof typeof SETTING_VARIABLES, 'endpoints'>;

/** The variables that say something usable about a setting, strongest first. */
export function variablesBehind(setting: TracedSetting, environment: Environment): string[] {
  return SETTING_VARIABLES[setting].filter((name) => {
    const value = readAlone(name, environment)[setting];
    return typeof value === 'object' ? Object.keys(value).length > 0 : value !== undefined;
  });
}

/** The variable that names a part of the destination in one of `EnvironmentSettings.endpoints`. */
export function variableBehindEndpoint(
  source: number,
  part: keyof EndpointParts,
  environment: Environment,
): string | undefined {
  return SETTING_VARIABLES.endpoints[source]?.find(
    (name) => readAlone(name, environment).endpoints[source]?.[part] !== undefined,
  );
}

function readAlone(name: string, environment: Environment): EnvironmentSettings {
  return readEnvironment({ [name]: environment[name] }, () => {});
}

export function readEnvironment(
  environment: Environment,
  warn: (message: string) => void,
): EnvironmentSettings {
  const read = new Reader(environment, warn);
  const hasDatadogAgent = DATADOG_AGENT_VARIABLES.some((name) => read.text(name) !== undefined);
  return {
    endpoints: [
      read.url('OTEL_EXPORTER_STATSD_ENDPOINT'),
      {
        host: read.checked('STATSD_HOST', isHost),
        port: read.number('STATSD_PORT', isPortNumber),
        protocol: read.choice('STATSD_PROTOCOL', HOST_PROTOCOLS),
      },
      read.datadogUrl('DD_DOGSTATSD_URL', 'DD_DOGSTATSD_SOCKET'),
      { host: read.checked('DD_AGENT_HOST', isHost), port: read.number('DD_DOGSTATSD_PORT', isPortNumber) },
    ],
    dialect:
      (read.checked('OTEL_EXPORTER_STATSD_DIALECT', isDialectName, lowerCase) as DialectName | undefined) ??
      (hasDatadogAgent ? 'dogstatsd' : undefined),
    prefix: read.text('OTEL_EXPORTER_STATSD_PREFIX') ?? read.text('STATSD_PREFIX'),
    tags: read.pairs('OTEL_EXPORTER_STATSD_TAGS', ',', '='),
    datadogTags: {
      // DD_TAGS may be separated by commas or by spaces.
      ...read.pairs('DD_TAGS', /[,\s]+/, ':'),
      ...read.named({ env: 'DD_ENV', service: 'DD_SERVICE', version: 'DD_VERSION' }),
      ...read.named({ 'dd.internal.entity_id': 'DD_ENTITY_ID' }),
    },
    datadogOrigin: defined({
      isEnabled: read.flag('DD_ORIGIN_DETECTION_ENABLED'),
      externalData: read.text('DD_EXTERNAL_ENV'),
      cardinality:
        read.choice('DD_CARDINALITY', CARDINALITIES) ?? read.choice('DATADOG_CARDINALITY', CARDINALITIES),
    }),
    resourceTags: read.text('OTEL_EXPORTER_STATSD_RESOURCE_TAGS')?.split(',').map(trim).filter(Boolean),
    histograms: read.checked('OTEL_EXPORTER_STATSD_HISTOGRAMS', isHistogramMode, lowerCase) as
      | HistogramMode
      | undefined,
    delivery: read.checked('OTEL_EXPORTER_STATSD_DELIVERY', isDelivery, lowerCase) as
      | 'confirmed'
      | 'persistent'
      | undefined,
    timeoutMillis: read.number('OTEL_EXPORTER_STATSD_TIMEOUT', isTimeout),
    enabled: read.flag('STATSD_ENABLED'),
  };
}

/**
 * What the environment calls this process among those that run the same code: `service.instance.id` of
 * OTEL_RESOURCE_ATTRIBUTES (OTel resource SDK spec: percent-encoded), else pm2's NODE_APP_INSTANCE.
 */
export function readInstance(environment: Environment): string | undefined {
  const read = new Reader(environment, () => {});
  const value = read
    .text('OTEL_RESOURCE_ATTRIBUTES')
    ?.match(/(?:^|,)\s*service\.instance\.id\s*=([^,]*)/)?.[1];
  return percentDecoded(value?.trim() ?? '') || read.text('NODE_APP_INSTANCE');
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class Reader {
  readonly #environment: Environment;
  readonly #warn: (message: string) => void;

  constructor(environment: Environment, warn: (message: string) => void) {
    this.#environment = environment;
    this.#warn = warn;
  }

  text(name: string): string | undefined {
    const value = this.#environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  checked(name: string, check: Check, prepare = (text: string) => text): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = prepare(text);
    return this.#accept(name, text, check(value)) ? value : undefined;
  }

  number(name: string, check: Check): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    // Number() alone would take 0x1F and 1e3; "81z25" must not become 81.
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return this.#accept(name, text, check(value)) ? value : undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.checked(name, isOneOf(choices), lowerCase);
    return choices.find((choice) => choice === value);
  }

  url(name: string): EndpointParts {
    const text = this.checked(name, isEndpointUrl);
    return text === undefined ? {} : { isWhole: true, ...parseEndpoint(text) };
  }

  /** As Datadog's clients read them: the path of a datagram socket, else `udp://`, `unix://` or `unixstream://`. */
  datadogUrl(urlName: string, socketName: string): EndpointParts {
    const path = this.text(socketName);
    if (path !== undefined) {
      const isGood = this.#accept(socketName, path, isSocketPath(path) ? undefined : 'an absolute path');
      if (isGood) return { isWhole: true, protocol: 'unixgram', path };
    }
    const url = this.text(urlName);
    if (url === undefined) return {};
    // Their unix:// is a datagram socket.
    const ours = url.replace(/^unix:/i, 'unixgram:').replace(/^unixstream:/i, 'unix:');
    const expected = 'a URL such as "udp://127.0.0.1:8125" or "unix:///var/run/datadog/dsd.socket"';
    const parsed = parseEndpoint(ours);
    const isGood = this.#accept(urlName, url, parsed === undefined ? expected : undefined);
    return isGood ? { isWhole: true, ...parsed } : {};
  }

  /** `key=value,key2=value2`; a part without key or value is left out with a warning. */
  pairs(name: string, separator: string | RegExp, assign: string): Record<string, string> | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const pairs: [string, string][] = [];
    for (const part of text.split(separator).map(trim).filter(Boolean)) {
      const at = part.indexOf(assign);
      const [key, value] = [part.slice(0, Math.max(at, 0)).trim(), part.slice(at + 1).trim()];
      if (this.#accept(name, part, key === '' || value === '' ? `key${assign}value pairs` : undefined)) {
        pairs.push([key, value]);
      }
    }
    // Not by assignment, which loses a key named __proto__.
    return Object.fromEntries(pairs);
  }

  /** Tag name to the value of a variable, where that is set. */
  named(variables: Readonly<Record<string, string>>): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [tag, name] of Object.entries(variables)) {
      const value = this.text(name);
      if (value !== undefined) found[tag] = value;
    }
    return found;
  }

  /** As sprockets-statsd reads it: a whole number other than 0, or a word for yes; all else is no. */
  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return /^[+-]?\d+$/.test(text) ? Number(text) !== 0 : /^(yes|y|true|t|on)$/i.test(text);
  }

  #accept(name: string, text: string, expected: string | undefined): boolean {
    if (expected === undefined) return true;
    this.#warn(`${name} is ignored: expected ${expected}, got ${JSON.stringify(text)}`);
    return false;
  }
}

/** Without what is undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function trim(text: string): string {
  return text.trim();
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}
