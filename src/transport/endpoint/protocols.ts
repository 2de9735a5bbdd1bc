// One record per protocol, as `dialects` is one per server. All code asks these properties and never the name of a
// protocol; only create-transport.ts maps names to implementations.

export interface ProtocolTraits {
  /** `host`: a name or address and a port. `path`: the absolute path of a socket file. */
  readonly address: 'host' | 'path';
  readonly kind: 'stream' | 'datagram';
  /** How a receiver finds the end of a payload; `dialect`: as its dialect says. Datagrams need none. */
  readonly framing: 'newline' | 'dialect' | 'none';
  /** Largest payload by default, where a payload must be read whole: datagrams and length-prefixed frames. */
  readonly defaultPayloadBytes: number | undefined;
  /** Whether the server's FIN can prove that it has read everything (`delivery: 'confirmed'`). */
  readonly canConfirm: boolean;
  /** Whether Windows has it. */
  readonly isOnWindows: boolean;
  readonly isEncrypted: boolean;
  /** Whether sends wait for a slow receiver; without, the sender must pace itself, and what finds no room is lost. */
  readonly hasBackpressure: boolean;
  /** How long after a send the host's answer may arrive that no process listens on the port (ICMP). */
  readonly refusalDelayMillis: number;
  /** Whether listener.ts can receive it. */
  readonly canListen: boolean;
}

/** Fits Ethernet frames of 1,500 bytes with IPv6 and tunnel headers; statsd docs/metric_types.md, "fast ethernet". */
const ETHERNET_PAYLOAD_BYTES = 1_432;

/** datadog-agent config dogstatsd_buffer_size; the agent truncates larger ones. */
const UNIX_PAYLOAD_BYTES = 8_192;

export const PROTOCOLS = {
  udp: {
    address: 'host',
    kind: 'datagram',
    framing: 'none',
    defaultPayloadBytes: ETHERNET_PAYLOAD_BYTES,
    canConfirm: false,
    isOnWindows: true,
    isEncrypted: false,
    hasBackpressure: false,
    refusalDelayMillis: 100,
    canListen: true,
  },
  tcp: {
    address: 'host',
    kind: 'stream',
    framing: 'newline',
    defaultPayloadBytes: undefined,
    canConfirm: true,
    isOnWindows: true,
    isEncrypted: false,
    hasBackpressure: true,
    refusalDelayMillis: 0,
    canListen: true,
  },
  tls: {
    address: 'host',
    kind: 'stream',
    framing: 'newline',
    defaultPayloadBytes: undefined,
    canConfirm: true,
    isOnWindows: true,
    isEncrypted: true,
    hasBackpressure: true,
    refusalDelayMillis: 0,
    canListen: false,
  },
  unix: {
    address: 'path',
    kind: 'stream',
    framing: 'dialect',
    defaultPayloadBytes: UNIX_PAYLOAD_BYTES,
    canConfirm: true,
    isOnWindows: true,
    isEncrypted: false,
    hasBackpressure: true,
    refusalDelayMillis: 0,
    canListen: true,
  },
  unixgram: {
    address: 'path',
    kind: 'datagram',
    framing: 'none',
    defaultPayloadBytes: UNIX_PAYLOAD_BYTES,
    canConfirm: false,
    isOnWindows: false,
    isEncrypted: false,
    hasBackpressure: true,
    refusalDelayMillis: 0,
    canListen: false,
  },
} as const satisfies Readonly<Record<string, ProtocolTraits>>;

type Table = typeof PROTOCOLS;
type ProtocolsBy<A extends ProtocolTraits['address']> = {
  [P in keyof Table]: Table[P]['address'] extends A ? P : never;
}[keyof Table];

/** `unix`: stream socket. `unixgram`: datagram socket. */
export type EndpointProtocol = keyof Table;
export type HostProtocol = ProtocolsBy<'host'>;
export type PathProtocol = ProtocolsBy<'path'>;

export const ENDPOINT_PROTOCOLS = Object.keys(PROTOCOLS) as readonly EndpointProtocol[];
export const HOST_PROTOCOLS: readonly HostProtocol[] = ENDPOINT_PROTOCOLS.filter(isHostProtocol);

export function isHostProtocol(protocol: EndpointProtocol): protocol is HostProtocol {
  return PROTOCOLS[protocol].address === 'host';
}

export function isPathProtocol(protocol: EndpointProtocol): protocol is PathProtocol {
  return PROTOCOLS[protocol].address === 'path';
}

/** Whether Node.js has the protocol on a platform. */
export function isAvailable(
  protocol: EndpointProtocol,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'win32' || PROTOCOLS[protocol].isOnWindows;
}

/** The properties of an endpoint's protocol; undefined for the application's own stream or function. */
export function traitsOf(protocol: string): ProtocolTraits | undefined {
  return Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol as EndpointProtocol] : undefined;
}
