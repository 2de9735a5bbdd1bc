// Where lines go: a destination, parsed. Protocols that reach hosts have a host and a port, those that reach
// a server on this machine have the path of its socket file.

export const HOST_PROTOCOLS = ['udp', 'tcp', 'tls'] as const;
export const PATH_PROTOCOLS = ['unix', 'unixgram'] as const;
export const ENDPOINT_PROTOCOLS = [...HOST_PROTOCOLS, ...PATH_PROTOCOLS] as const;

export type HostProtocol = (typeof HOST_PROTOCOLS)[number];
/** `unix`: stream socket. `unixgram`: datagram socket. */
export type PathProtocol = (typeof PATH_PROTOCOLS)[number];
export type EndpointProtocol = HostProtocol | PathProtocol;

export interface HostEndpoint {
  readonly protocol: HostProtocol;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface PathEndpoint {
  readonly protocol: PathProtocol;
  /** Absolute path of the server's socket file. */
  readonly path: string;
}

export type Endpoint = HostEndpoint | PathEndpoint;

/** What a URL says; a missing port is the caller's to fill in. */
export type ParsedEndpoint =
  | (Omit<HostEndpoint, 'port'> & { readonly port: number | undefined })
  | PathEndpoint;

/** Undefined when the text is no such URL. */
export function parseEndpoint(text: string): ParsedEndpoint | undefined {
  const match = /^(\w+):\/\/(.*)$/s.exec(text);
  const name = match?.[1]?.toLowerCase();
  const rest = match?.[2] ?? '';
  const pathProtocol = PATH_PROTOCOLS.find((known) => known === name);
  if (pathProtocol !== undefined) {
    return isSocketPath(rest) ? { protocol: pathProtocol, path: rest } : undefined;
  }
  const protocol = HOST_PROTOCOLS.find((known) => known === name);
  const address = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s/:?#@[\]]+))(?::(\d{1,5}))?\/?$/.exec(rest);
  const host = address?.[1] ?? address?.[2];
  if (protocol === undefined || host === undefined) return undefined;
  const port = address?.[3] === undefined ? undefined : Number(address[3]);
  return port !== undefined && !isPort(port) ? undefined : { protocol, host, port };
}

/** Port 0 means "any" to an operating system, so nobody can listen on it. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** unix(7): sun_path has 108 bytes, the ending NUL included; a longer path would be cut. */
const MAX_SOCKET_PATH_BYTES = 107;

/** An absolute path that fits into a socket address. */
export function isSocketPath(value: string): boolean {
  return /^\/[^\0]+$/s.test(value) && Buffer.byteLength(value) <= MAX_SOCKET_PATH_BYTES;
}

export function isPathProtocol(protocol: EndpointProtocol): protocol is PathProtocol {
  return PATH_PROTOCOLS.some((known) => known === protocol);
}

export function formatEndpoint(endpoint: Endpoint): string {
  if ('path' in endpoint) return `${endpoint.protocol}://${endpoint.path}`;
  const { protocol, host, port } = endpoint;
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
