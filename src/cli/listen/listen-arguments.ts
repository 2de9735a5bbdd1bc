// The command line of `listen`.

import type { Environment } from '../../exporter/options/environment.js';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import { type Endpoint, formatEndpoint, parseEndpoint } from '../../transport/endpoint/endpoint.js';
import { ENDPOINT_PROTOCOLS, PROTOCOLS } from '../../transport/endpoint/protocols.js';
import { dialectNamed, positiveNumber, readArguments } from '../shared/arguments.js';
import { configurationOf } from '../shared/configuration.js';
import { UsageError } from '../shared/io.js';
import { parseWebAddress, type WebAddress, withWebValue } from './web/web-address.js';

export interface ListenSettings {
  readonly endpoint: Endpoint;
  readonly dialect: Dialect;
  /** The variable or configuration file that decides the dialect, if one does. */
  readonly dialectSource: string | undefined;
  /** About variables that are ignored. */
  readonly warnings: readonly string[];
  readonly form: 'table' | 'raw' | 'json';
  readonly filter: string;
  readonly intervalMillis: number;
  readonly durationMillis: number | undefined;
  readonly count: number | undefined;
  readonly isStrict: boolean;
  /** Where all that is received is passed on to. */
  readonly forward: Endpoint | undefined;
  /** Where the page is served. */
  readonly web: WebAddress | undefined;
}

/** The interval at which statsd flushes; statsd 0.9.0 exampleConfig.js, flushInterval. */
const DEFAULT_INTERVAL_SECONDS = 10;

export async function readListenArguments(
  args: readonly string[],
  environment: Environment,
): Promise<ListenSettings> {
  const { values, positionals } = readArguments(
    withWebValue(args),
    {
      dialect: { type: 'string', short: 'd' },
      raw: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      filter: { type: 'string', short: 'f' },
      interval: { type: 'string' },
      duration: { type: 'string' },
      count: { type: 'string', short: 'n' },
      strict: { type: 'boolean', default: false },
      forward: { type: 'string' },
      web: { type: 'string' },
    },
    1,
  );
  if (values.raw && values.json) throw new UsageError('--raw and --json exclude each other');
  const { dialect, dialectSource, warnings } = await dialectOf(values.dialect, environment);
  const intervalSeconds = positiveNumber('interval', values.interval, { whole: false });
  const seconds = positiveNumber('duration', values.duration, { whole: false });
  return {
    endpoint: endpointToListenOn(positionals[0], dialect),
    dialect,
    dialectSource,
    warnings,
    form: values.raw ? 'raw' : values.json ? 'json' : 'table',
    filter: values.filter ?? '',
    intervalMillis: 1000 * (intervalSeconds ?? DEFAULT_INTERVAL_SECONDS),
    durationMillis: seconds === undefined ? undefined : 1000 * seconds,
    count: positiveNumber('count', values.count, { whole: true }),
    isStrict: values.strict,
    forward: values.forward === undefined ? undefined : endpointToForwardTo(values.forward, dialect),
    web: values.web === undefined ? undefined : parseWebAddress(values.web),
  };
}

/** The flag, or what an app in this environment would use. */
async function dialectOf(
  flag: string | undefined,
  environment: Environment,
): Promise<Pick<ListenSettings, 'dialect' | 'dialectSource' | 'warnings'>> {
  if (flag !== undefined) return { dialect: dialectNamed(flag), dialectSource: undefined, warnings: [] };
  const { resolved, warnings, file } = await configurationOf({}, environment);
  const { sources, mapping } = resolved;
  return {
    dialect: mapping.dialect,
    dialectSource: sources.dialect === 'options' ? file.path : sources.dialect,
    // The other variables have no effect here.
    warnings: warnings.filter(
      (warning) => warning === file.fault || warning.includes('OTEL_EXPORTER_STATSD_DIALECT'),
    ),
  };
}

/** A URL, a port alone, or nothing for the dialect's own default; port 0 takes any free one. */
function endpointToListenOn(text: string | undefined, { defaultProtocol, defaultPort }: Dialect): Endpoint {
  const host = '127.0.0.1';
  if (text === undefined) return { protocol: defaultProtocol, host, port: defaultPort };
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) {
    return { protocol: defaultProtocol, host, port: Number(text) };
  }
  // Clients cannot send to port 0, so endpoints do not allow it.
  const isAnyPort = /:0$/.test(text);
  const parsed = parseEndpoint(isAnyPort ? text.slice(0, -2) : text);
  if (parsed === undefined) {
    throw new UsageError(
      `"${text}" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, ` +
        'tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock',
    );
  }
  const endpoint =
    'path' in parsed ? parsed : { ...parsed, port: isAnyPort ? 0 : (parsed.port ?? defaultPort) };
  const { canListen, isEncrypted } = PROTOCOLS[endpoint.protocol];
  if (!canListen) {
    throw new UsageError(
      `listening on ${endpoint.protocol} is not supported; ` +
        (isEncrypted
          ? 'use tcp://, behind something that ends TLS'
          : `use unix:// for ${formatEndpoint(endpoint)}`),
    );
  }
  return endpoint;
}

function endpointToForwardTo(text: string, { defaultPort }: Dialect): Endpoint {
  const parsed = parseEndpoint(text);
  if (parsed === undefined) {
    throw new UsageError(
      `"${text}" is nothing to forward to: --forward takes a URL such as udp://127.0.0.1:8126, ` +
        'tcp://statsd.example:8125 or unix:///tmp/statsd.sock',
    );
  }
  const endpoint = 'path' in parsed ? parsed : { ...parsed, port: parsed.port ?? defaultPort };
  if (PROTOCOLS[endpoint.protocol].canListen) return endpoint;
  const usable = ENDPOINT_PROTOCOLS.filter((protocol) => PROTOCOLS[protocol].canListen).join(', ');
  throw new UsageError(`forwarding to ${endpoint.protocol} is not supported; there are ${usable}`);
}
