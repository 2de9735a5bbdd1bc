import { describe, expect, it } from 'vitest';
import { diagnoseDelivery } from '../../../src/cli/doctor/check-delivery.js';
import { StatsdExporter, type StatsdExporterStats } from '../../../src/index.js';
import type { Endpoint } from '../../../src/transport/endpoint/endpoint.js';

const NOTHING = new StatsdExporter({ lines: () => {} }).stats();
const TCP: Endpoint = { protocol: 'tcp', host: 'statsd.example', port: 8125 };
const UNIX: Endpoint = { protocol: 'unix', path: '/s' };

function judge(stats: Partial<StatsdExporterStats>, endpoint: Endpoint = TCP): string {
  const { status, text, advice } = diagnoseDelivery({ ...NOTHING, ...stats }, endpoint);
  return [`${status}: ${text}`, ...(advice === undefined ? [] : [advice])].join(' → ');
}

const failed = (code: string): Partial<StatsdExporterStats> => ({ connectFailures: { [code]: 1 } });
const broke = (cause: string): Partial<StatsdExporterStats> => ({ disconnects: { [cause]: 1 } });

describe('diagnoseDelivery', () => {
  it.each<[string, Partial<StatsdExporterStats>, Endpoint?]>([
    [
      'ok: The server at tcp://statsd.example:8125 read the line and closed the connection. Delivery is confirmed.',
      { confirmedLines: 1, writtenLines: 0 },
    ],
    [
      'ok: The connection to tcp://statsd.example:8125 took the line. Persistent delivery confirms no more.',
      { writtenLines: 1 },
    ],
    [
      'ok: The datagram is in the buffer of the server at unixgram:///s, which has its socket open.',
      { writtenLines: 1 },
      { protocol: 'unixgram', path: '/s' },
    ],
    [
      'problem: Nothing listens on tcp://statsd.example:8125: its machine answered that the port is closed. → Start the server, or correct the port.',
      failed('ECONNREFUSED'),
    ],
    [
      'problem: Nobody serves the socket file of unix:///s any more. → Start the server, which makes it anew.',
      failed('ECONNREFUSED'),
      UNIX,
    ],
    [
      'problem: There is no socket file for unix:///s. → Start the server, or correct the path. In a container its folder must be mounted.',
      failed('ENOENT'),
      UNIX,
    ],
    [
      'problem: This user may not write to the socket file of unix:///s. → Give its group or everyone the right to write, or run the app in that group.',
      failed('EACCES'),
      UNIX,
    ],
    [
      'problem: The socket file of unix:///s is of the other kind. → Write unixgram:// instead of unix://.',
      failed('EPROTOTYPE'),
      UNIX,
    ],
    [
      'problem: The socket file of unixgram:///s is of the other kind. → Write unix:// instead of unixgram://.',
      failed('EPROTOTYPE'),
      { protocol: 'unixgram', path: '/s' },
    ],
    [
      'problem: unixgram:// needs a package that is not installed. → npm install unix-dgram',
      failed('MISSING_UNIX_DGRAM'),
    ],
    [
      'problem: tcp://statsd.example:8125 did not answer in time. → A firewall or security group in between drops connections without a word, or the address is wrong.',
      failed('ETIMEDOUT'),
    ],
    [
      'problem: There is no way to tcp://statsd.example:8125 from here (ENETUNREACH). → Look at the address, the network and VPN.',
      failed('ENETUNREACH'),
    ],
    [
      'problem: tcp://statsd.example:8125 accepts connections and closes them at once. → A proxy without a server behind it does that, and a server at its limit of connections.',
      failed('fin'),
    ],
    ['problem: The connection to tcp://statsd.example:8125 broke: EWEIRD.', failed('EWEIRD')],
    [
      'problem: No TLS connection to tls://a:1: CERT_HAS_EXPIRED. → Certificates are verified: NODE_EXTRA_CA_CERTS names a file with an authority of your own, and the certificate must be for this host.',
      failed('CERT_HAS_EXPIRED'),
      { protocol: 'tls', host: 'a', port: 1 },
    ],
    [
      'problem: tcp://statsd.example:8125 took the line, but did not close the connection after we did, so that nothing is confirmed. → If a load balancer stands in between, set OTEL_EXPORTER_STATSD_DELIVERY=persistent.',
      broke('confirm_timeout'),
    ],
    [
      'problem: tcp://statsd.example:8125 talks, as no StatsD server does. → Another service listens there; correct the port.',
      broke('junk'),
    ],
    [
      'problem: tcp://statsd.example:8125 broke the connection. → Another service may listen there, or a server that takes no lines of this dialect; its log may say.',
      broke('reset'),
    ],
    ['problem: tcp://statsd.example:8125 was not reached: its host name has no address.', { dnsFailures: 1 }],
    [
      'problem: The metric cannot be expressed (too_long). → Look at prefix and tags.',
      { droppedPoints: { too_long: 1 } },
    ],
    [
      'problem: tcp://statsd.example:8125 accepted the connection, but did not close it after we did, so that nothing is confirmed. → If a load balancer stands in between, set OTEL_EXPORTER_STATSD_DELIVERY=persistent.',
      {},
    ],
  ])('%s', (text, stats, endpoint) => {
    expect(judge(stats, endpoint)).toBe(text);
  });
});
