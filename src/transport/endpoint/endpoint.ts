// Endpoints and their URLs. What a protocol needs to be addressed is in protocols.ts.

import { expectedSocketPath } from '../../runtime/socket-path.js';
import {
  ENDPOINT_PROTOCOLS,
  type HostProtocol,
  isAvailable,
  isPathProtocol,
  type PathProtocol,
} from './protocols.js';

export interface HostEndpoint {
  readonly protocol: HostProtocol;
  /** Name or address; IPv6 without brackets, with its zone if it has one. */
  readonly host: string;
  readonly port: number;
}

export interface PathEndpoint {
  readonly protocol: PathProtocol;
  /** Absolute path of the server's socket file; on Windows a named pipe. */
  readonly path: string;
}

export type Endpoint = HostEndpoint | PathEndpoint;

/** What a URL says; the caller fills in a missing port. */
export type ParsedEndpoint =
  | (Omit<HostEndpoint, 'port'> & { readonly port: number | undefined })
  | PathEndpoint;

/** An IPv6 address in brackets, with an optional zone (RFC 4007 section 11), or a name or IPv4 address; then a port. */
const HOST_AND_PORT = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.~:-]+)?)\]|([^\s/:?#@[\]]+))(?::(\d{1,5}))?\/?$/;

/** Undefined when the text is no such URL on the platform. */
export function parseEndpoint(
  text: string,
  platform: NodeJS.Platform = process.platform,
): ParsedEndpoint | undefined {
  const [, scheme, rest = ''] = /^(\w+):\/\/(.*)$/s.exec(text) ?? [];
  const protocol = ENDPOINT_PROTOCOLS.find((known) => known === scheme?.toLowerCase());
  if (protocol === undefined) return undefined;
  if (isPathProtocol(protocol)) {
    const isUsable = isAvailable(protocol, platform) && expectedSocketPath(rest, platform) === undefined;
    return isUsable ? { protocol, path: rest } : undefined;
  }
  const [, ipv6, name, digits] = HOST_AND_PORT.exec(rest) ?? [];
  const host = ipv6 ?? name;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && !isPort(port))) return undefined;
  return { protocol, host, port };
}

export function formatEndpoint(endpoint: Endpoint): string {
  if ('path' in endpoint) return `${endpoint.protocol}://${endpoint.path}`;
  const { protocol, host, port } = endpoint;
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** To an operating system port 0 means "any", so no server listens on it. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}
