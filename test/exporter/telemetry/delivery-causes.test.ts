import { expect, it } from 'vitest';
import { type CauseText, explainCause } from '../../../src/exporter/telemetry/delivery-causes.js';
import type { Destination } from '../../../src/transport/endpoint/destination.js';

type Protocol = Destination['protocol'];

const ALL = ['udp', 'tcp', 'tls', 'unix', 'unixgram', 'stream'] as const;

it.each<[cause: string, protocols: readonly Protocol[], text: CauseText | undefined]>([
  [
    'ECONNREFUSED',
    ['udp', 'tcp', 'tls'],
    { problem: 'nothing listens on the port', advice: 'Start the server, or correct the port.' },
  ],
  [
    'ECONNREFUSED',
    ['unix', 'unixgram'],
    { problem: 'no server listens on the socket file', advice: 'Start the server, which replaces the file.' },
  ],
  [
    'ENOENT',
    ALL,
    {
      problem: 'there is no socket at this path',
      advice:
        'Start the server, or correct the path. In a container the folder of the socket must be mounted.',
    },
  ],
  [
    'EACCES',
    ['udp', 'tcp', 'tls'],
    {
      problem: 'the operating system does not permit to send to the address',
      advice: 'It is a broadcast address, or a firewall of this machine rejects it.',
    },
  ],
  [
    'EACCES',
    ['unix', 'unixgram'],
    {
      problem: 'this process may not write to the socket file',
      advice: 'Give its group or everyone the right to write, or run the app in that group.',
    },
  ],
  [
    'EPERM',
    ALL,
    {
      problem: 'the operating system does not permit to send to the address',
      advice: 'It is a broadcast address, or a firewall of this machine rejects it.',
    },
  ],
  ['EADDRNOTAVAIL', ALL, { problem: 'this machine has no address from which the host can be reached' }],
  [
    'EPROTOTYPE',
    ['unix'],
    { problem: 'the socket file is of the other kind', advice: 'Write unixgram:// instead of unix://.' },
  ],
  [
    'EPROTOTYPE',
    ['unixgram'],
    { problem: 'the socket file is of the other kind', advice: 'Write unix:// instead of unixgram://.' },
  ],
  [
    'MISSING_UNIX_DGRAM',
    ALL,
    { problem: 'unixgram needs a package that is not installed', advice: 'Run: npm install unix-dgram' },
  ],
  [
    'ENOTFOUND',
    ALL,
    { problem: 'the host name has no address', advice: 'Correct the name, or check the DNS server.' },
  ],
  [
    'ETIMEDOUT',
    ['udp', 'tcp', 'unix', 'unixgram', 'stream'],
    {
      problem: 'the server did not answer in time',
      advice: 'A firewall or security group in between drops packets silently, or the address is wrong.',
    },
  ],
  [
    'ETIMEDOUT',
    ['tls'],
    {
      problem: 'the server did not answer in time',
      advice:
        'A firewall or security group in between drops packets silently, or the address is wrong. A server that does not speak TLS does not answer either.',
    },
  ],
  [
    'EHOSTUNREACH',
    ALL,
    { problem: 'there is no route to the host', advice: 'Check the address, the network and VPN.' },
  ],
  [
    'ENETUNREACH',
    ALL,
    { problem: 'there is no route to the host', advice: 'Check the address, the network and VPN.' },
  ],
  [
    'fin',
    ALL,
    {
      problem: 'the server accepts connections and closes them at once',
      advice: 'A proxy without a server behind it does that, and a server at its limit of connections.',
    },
  ],
  [
    'reset',
    ALL,
    {
      problem: 'the server broke the connection',
      advice:
        'Another service may listen there, or a server that rejects lines of this dialect; its log may say why.',
    },
  ],
  [
    'ECONNRESET',
    ALL,
    {
      problem: 'the server broke the connection',
      advice:
        'Another service may listen there, or a server that rejects lines of this dialect; its log may say why.',
    },
  ],
  [
    'EPIPE',
    ['udp', 'tcp', 'tls', 'unix', 'unixgram'],
    {
      problem: 'the server broke the connection',
      advice:
        'Another service may listen there, or a server that rejects lines of this dialect; its log may say why.',
    },
  ],
  ['EPIPE', ['stream'], { problem: 'the reader of the stream has closed it' }],
  ['EIO', ALL, { problem: 'the terminal is gone' }],
  ['stall', ALL, { problem: 'the server stopped reading' }],
  [
    'confirm_timeout',
    ALL,
    {
      problem:
        'the server did not close the connection after the exporter did, so delivery cannot be confirmed',
      advice:
        "If a load balancer stands in between, set delivery to 'persistent' (OTEL_EXPORTER_STATSD_DELIVERY=persistent).",
    },
  ],
  [
    'junk',
    ALL,
    {
      problem: 'the server sends data, which no StatsD server does',
      advice: 'Another service listens there; correct the port.',
    },
  ],
  ['stream_closed', ALL, { problem: 'the stream has ended' }],
  ['ENOSPC', ALL, { problem: 'the disk is full' }],
  ['EDQUOT', ALL, { problem: 'the disk quota is used up' }],
  [
    'EINVAL',
    ALL,
    {
      problem: 'the address cannot be sent to',
      advice: 'A link-local IPv6 address needs its zone: [fe80::1%eth0].',
    },
  ],
  ['toString', ['udp', 'tcp', 'unix', 'unixgram', 'stream'], undefined],
  [
    'toString',
    ['tls'],
    {
      problem: 'no TLS connection',
      advice:
        'Certificates are verified: NODE_EXTRA_CA_CERTS names a file with your own authority, and the certificate must be for this host.',
    },
  ],
  ['EWHATEVER', ['udp', 'tcp', 'unix', 'unixgram', 'stream'], undefined],
  [
    'EWHATEVER',
    ['tls'],
    {
      problem: 'no TLS connection',
      advice:
        'Certificates are verified: NODE_EXTRA_CA_CERTS names a file with your own authority, and the certificate must be for this host.',
    },
  ],
])('%s over %j is explained', (cause, protocols, text) => {
  expect(protocols.map((protocol) => explainCause(cause, protocol))).toEqual(protocols.map(() => text));
});
