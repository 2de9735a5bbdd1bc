// Checks of single values. Each returns what was expected when a value is invalid, and undefined when it is valid.
// The texts end up in error messages and warnings.

import { ipVersion } from '../../runtime/ip-version.js';
import { expectedSocketPath } from '../../runtime/socket-path.js';
import { formatEndpoint, isPort, parseEndpoint } from '../../transport/endpoint/endpoint.js';
import {
  ENDPOINT_PROTOCOLS,
  type EndpointProtocol,
  isAvailable,
  isPathProtocol,
} from '../../transport/endpoint/protocols.js';

export type Check = (value: unknown) => string | undefined;

export const expectBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

export const expectFunction: Check = (value) => (typeof value === 'function' ? undefined : 'a function');

export const expectPort: Check = (value) =>
  typeof value === 'number' && isPort(value) ? undefined : 'a port number from 1 to 65535';

/** The URL of a server; what was expected is said of the part that is wrong. */
export const expectEndpoint: Check = (value) => {
  if (typeof value !== 'string') return 'a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125"';
  const parsed = parseEndpoint(value);
  if (parsed !== undefined && (!('host' in parsed) || isHost(parsed.host))) return undefined;
  const [, scheme = '', rest = ''] = /^([^/]*):\/\/(.*)$/s.exec(value) ?? [];
  const protocol = ENDPOINT_PROTOCOLS.find((known) => known === scheme.toLowerCase());
  if (protocol === undefined) {
    return `a URL that begins with ${ENDPOINT_PROTOCOLS.map((known) => `${known}://`).join(', ')}`;
  }
  if (isPathProtocol(protocol)) {
    return unavailable('another protocol', protocol) ?? `${protocol}:// and ${expectPath(rest)}`;
  }
  if (rest.includes('@')) return 'a URL without user name and password';
  if (/[/?#]./s.test(rest)) return 'a URL without path, query and fragment';
  const port = /:([^:\]]*)\/?$/.exec(rest)?.[1];
  if (port !== undefined && !(/^\d+$/.test(port) && isPort(Number(port)))) {
    return 'a URL whose port is a number from 1 to 65535';
  }
  return 'a URL whose host is a name or an address, IPv6 addresses in brackets';
};

/** A host name or address alone, as a URL could name it; IPv6 addresses with or without brackets. */
export const expectHost: Check = (value) =>
  typeof value === 'string' && isHost(withoutBrackets(value))
    ? undefined
    : 'a host name or IP address without protocol or port';

/** What messages and the command write as an endpoint must be read as the same endpoint. */
function isHost(host: string): boolean {
  if (host.includes(':') && ipVersion(host) !== 6) return false;
  const endpoint = { protocol: 'udp', host, port: 1 } as const;
  const parsed = parseEndpoint(formatEndpoint(endpoint));
  return parsed !== undefined && 'host' in parsed && parsed.host === host;
}

export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

export const expectPath: Check = (value) => expectedSocketPath(value);

/** What is expected where this platform does not have the protocol; undefined when it has. */
export function unavailable(instead: string, protocol: EndpointProtocol): string | undefined {
  return isAvailable(protocol)
    ? undefined
    : `${instead}: Windows has no ${protocol}; there are udp, tcp, and unix with a named pipe`;
}

/** Checks only the members that are used, so that streams of other packages are accepted. */
export const expectWritable: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  'write' in value &&
  typeof value.write === 'function' &&
  'writable' in value
    ? undefined
    : 'a Writable stream';

export const expectString: Check = (value) => (typeof value === 'string' ? undefined : 'a string');

export const expectFalse: Check = (value) => (value === false ? undefined : 'false');

export function expectOneOf(choices: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && choices.includes(value)
      ? undefined
      : choices.map((choice) => JSON.stringify(choice)).join(' or ');
}

export function expectInteger(least: number, unit: string, most: number = Number.MAX_SAFE_INTEGER): Check {
  const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number of ${unit} ${upTo}`;
}

/** Node turns a longer timer into one of a millisecond. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

export const expectTimeout: Check = expectInteger(1, 'milliseconds', MAX_TIMER_MILLIS);

export function expectList(expected: string): Check {
  return (value) => (Array.isArray(value) ? undefined : expected);
}

export function expectRecord(expected: string): Check {
  return (value) => (isRecord(value) ? undefined : expected);
}

/** From 1, because a fraction such as 0.5 is almost surely meant as 50. */
export const expectPercentile: Check = (value) =>
  typeof value === 'number' && value >= 1 && value <= 100 ? undefined : 'a percentile from 1 to 100';

export const expectAscendingList: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item, index) => Number.isFinite(item) && (index === 0 || item > value[index - 1]))
    ? undefined
    : 'a list of finite numbers, each above the one before';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export const expectText: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a string that is not empty';

/** Checks only the members that are used, so that exporters of other copies of the SDK are accepted. */
export const expectExporter: Check = (value) =>
  isRecord(value) &&
  ['export', 'forceFlush', 'shutdown'].every((method) => typeof value[method] === 'function')
    ? undefined
    : 'a metric exporter';

/** Checks only the members that are used. */
export const expectMessagePort: Check = (value) =>
  isRecord(value) &&
  ['postMessage', 'on', 'off', 'unref'].every((method) => typeof value[method] === 'function')
    ? undefined
    : 'a MessagePort';
