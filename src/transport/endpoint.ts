// Where lines go: a destination, parsed.

export interface Endpoint {
  readonly protocol: EndpointProtocol;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

export const ENDPOINT_PROTOCOLS = ['udp', 'tcp'] as const;

export type EndpointProtocol = (typeof ENDPOINT_PROTOCOLS)[number];

/** What a URL says; a missing port is the caller's to fill in. Undefined when it is no such URL. */
export function parseEndpoint(
  text: string,
): { protocol: EndpointProtocol; host: string; port: number | undefined } | undefined {
  const match = /^(\w+):\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^\s/:?#@[\]]+))(?::(\d{1,5}))?\/?$/.exec(text);
  const protocol = ENDPOINT_PROTOCOLS.find((known) => known === match?.[1]?.toLowerCase());
  const host = match?.[2] ?? match?.[3];
  if (protocol === undefined || host === undefined) return undefined;
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  return port !== undefined && !isPort(port) ? undefined : { protocol, host, port };
}

/** Port 0 means "any" to an operating system, so nobody can listen on it. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

export function formatEndpoint({ protocol, host, port }: Endpoint): string {
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
