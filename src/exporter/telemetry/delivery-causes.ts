// Why delivery fails, by the cause that the transport reports, and what the user can do about it. Log messages and
// `otel-statsd doctor` share these texts.

import type { Destination } from '../../transport/endpoint/destination.js';
import { ENDPOINT_PROTOCOLS, PROTOCOLS, traitsOf } from '../../transport/endpoint/protocols.js';

export interface CauseText {
  /** A clause, to follow the destination. */
  readonly problem: string;
  /** Sentences. */
  readonly advice?: string;
}

type Protocol = Destination['protocol'];

const NO_ROUTE: CauseText = {
  problem: 'there is no route to the host',
  advice: 'Check the address, the network and VPN.',
};

const NOT_PERMITTED: CauseText = {
  problem: 'the operating system does not permit to send to the address',
  advice: 'It is a broadcast address, or a firewall of this machine rejects it.',
};

const CONNECTION_BROKEN: CauseText = {
  problem: 'the server broke the connection',
  advice:
    'Another service may listen there, or a server that rejects lines of this dialect; its log may say why.',
};

const CAUSES: Readonly<Record<string, CauseText | ((protocol: Protocol) => CauseText)>> = {
  ECONNREFUSED: (protocol) =>
    traitsOf(protocol)?.address === 'path'
      ? {
          problem: 'no server listens on the socket file',
          advice: 'Start the server, which replaces the file.',
        }
      : { problem: 'nothing listens on the port', advice: 'Start the server, or correct the port.' },
  ENOENT: {
    problem: 'there is no socket at this path',
    advice: 'Start the server, or correct the path. In a container the folder of the socket must be mounted.',
  },
  EACCES: (protocol) =>
    traitsOf(protocol)?.address === 'host'
      ? NOT_PERMITTED
      : {
          problem: 'this process may not write to the socket file',
          advice: 'Give its group or everyone the right to write, or run the app in that group.',
        },
  EPERM: NOT_PERMITTED,
  EADDRNOTAVAIL: { problem: 'this machine has no address from which the host can be reached' },
  EPROTOTYPE: (protocol) => ({
    problem: 'the socket file is of the other kind',
    advice: `Write ${otherPathProtocol(protocol)}:// instead of ${protocol}://.`,
  }),
  MISSING_UNIX_DGRAM: {
    problem: 'unixgram needs a package that is not installed',
    advice: 'Run: npm install unix-dgram',
  },
  ENOTFOUND: {
    problem: 'the host name has no address',
    advice: 'Correct the name, or check the DNS server.',
  },
  ETIMEDOUT: (protocol) => ({
    problem: 'the server did not answer in time',
    advice:
      'A firewall or security group in between drops packets silently, or the address is wrong.' +
      (traitsOf(protocol)?.isEncrypted ? ' A server that does not speak TLS does not answer either.' : ''),
  }),
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  fin: {
    problem: 'the server accepts connections and closes them at once',
    advice: 'A proxy without a server behind it does that, and a server at its limit of connections.',
  },
  reset: CONNECTION_BROKEN,
  ECONNRESET: CONNECTION_BROKEN,
  EPIPE: (protocol) =>
    traitsOf(protocol) === undefined
      ? { problem: 'the reader of the stream has closed it' }
      : CONNECTION_BROKEN,
  EIO: { problem: 'the terminal is gone' },
  stall: { problem: 'the server stopped reading' },
  confirm_timeout: {
    problem:
      'the server did not close the connection after the exporter did, so delivery cannot be confirmed',
    advice:
      "If a load balancer stands in between, set delivery to 'persistent' (OTEL_EXPORTER_STATSD_DELIVERY=persistent).",
  },
  junk: {
    problem: 'the server sends data, which no StatsD server does',
    advice: 'Another service listens there; correct the port.',
  },
  stream_closed: { problem: 'the stream has ended' },
  ENOSPC: { problem: 'the disk is full' },
  EDQUOT: { problem: 'the disk quota is used up' },
  EINVAL: {
    problem: 'the address cannot be sent to',
    advice: 'A link-local IPv6 address needs its zone: [fe80::1%eth0].',
  },
};

/** The protocol for the other kind of socket file. */
function otherPathProtocol(protocol: Protocol): string | undefined {
  return ENDPOINT_PROTOCOLS.find((other) => other !== protocol && PROTOCOLS[other].address === 'path');
}

/** Undefined for causes that only have a code. */
export function explainCause(cause: string, protocol: Protocol): CauseText | undefined {
  const text = Object.hasOwn(CAUSES, cause) ? CAUSES[cause] : undefined;
  if (text !== undefined) return typeof text === 'function' ? text(protocol) : text;
  if (!traitsOf(protocol)?.isEncrypted) return undefined;
  return {
    problem: 'no TLS connection',
    advice:
      'Certificates are verified: NODE_EXTRA_CA_CERTS names a file with your own authority, and the certificate must ' +
      'be for this host.',
  };
}
