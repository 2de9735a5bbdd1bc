import { describe, expect, it } from 'vitest';
import { answeredBy, diagnoseDelivery } from '../../../src/cli/doctor/check-delivery.js';
import { dialects, StatsdExporter, type StatsdExporterStats } from '../../../src/index.js';
import type { Endpoint } from '../../../src/transport/endpoint/endpoint.js';

const NOTHING = new StatsdExporter({ lines: () => {} }).stats();
const TCP: Endpoint = { protocol: 'tcp', host: 'statsd.example', port: 8125 };
const LOOK_THERE = 'What the server made of the lines cannot be seen from here';
const UNIX: Endpoint = { protocol: 'unix', path: '/s' };

function judge(stats: Partial<StatsdExporterStats>, endpoint: Endpoint = TCP): string {
  const { status, text, advice } = diagnoseDelivery(
    { ...NOTHING, ...stats },
    { destination: endpoint, dialect: dialects.statsd },
  );
  return [
    `${status}: ${text}`,
    ...(advice === undefined || advice.startsWith(LOOK_THERE) ? [] : [advice]),
  ].join(' → ');
}

const failed = (code: string): Partial<StatsdExporterStats> => ({ connectFailures: { [code]: 1 } });
const broke = (cause: string): Partial<StatsdExporterStats> => ({ disconnects: { [cause]: 1 } });

describe('diagnoseDelivery', () => {
  it.each<[string, Partial<StatsdExporterStats>, Endpoint?]>([
    [
      'ok: The server at tcp://statsd.example:8125 read the lines and closed the connection. Delivery is confirmed.',
      { confirmedLines: 1, writtenLines: 0 },
    ],
    [
      'ok: The connection to tcp://statsd.example:8125 took the lines. Persistent delivery confirms no more.',
      { writtenLines: 1 },
    ],
    [
      'ok: The datagrams are in the buffer of the server at unixgram:///s, which has its socket open.',
      { writtenLines: 1 },
      { protocol: 'unixgram', path: '/s' },
    ],
    [
      'problem: tcp://statsd.example:8125: nothing listens on the port (ECONNREFUSED). → Start the server, or correct the port.',
      failed('ECONNREFUSED'),
    ],
    [
      'problem: unix:///s: no server listens on the socket file (ECONNREFUSED). → Start the server, which replaces the file.',
      failed('ECONNREFUSED'),
      UNIX,
    ],
    [
      'problem: unix:///s: there is no socket at this path (ENOENT). → Start the server, or correct the path. In a container the folder of the socket must be mounted.',
      failed('ENOENT'),
      UNIX,
    ],
    [
      'problem: unix:///s: this process may not write to the socket file (EACCES). → Give its group or everyone the right to write, or run the app in that group.',
      failed('EACCES'),
      UNIX,
    ],
    [
      'problem: unix:///s: the socket file is of the other kind (EPROTOTYPE). → Write unixgram:// instead of unix://.',
      failed('EPROTOTYPE'),
      UNIX,
    ],
    [
      'problem: unixgram:///s: the socket file is of the other kind (EPROTOTYPE). → Write unix:// instead of unixgram://.',
      failed('EPROTOTYPE'),
      { protocol: 'unixgram', path: '/s' },
    ],
    [
      'problem: tcp://statsd.example:8125: unixgram needs a package that is not installed (MISSING_UNIX_DGRAM). → Run: npm install unix-dgram',
      failed('MISSING_UNIX_DGRAM'),
    ],
    [
      'problem: tcp://statsd.example:8125: the server did not answer in time (ETIMEDOUT). → A firewall or security group in between drops packets silently, or the address is wrong.',
      failed('ETIMEDOUT'),
    ],
    [
      'problem: tcp://statsd.example:8125: there is no route to the host (ENETUNREACH). → Check the address, the network and VPN.',
      failed('ENETUNREACH'),
    ],
    [
      'problem: tcp://statsd.example:8125: the server accepts connections and closes them at once (fin). → A proxy without a server behind it does that, and a server at its limit of connections.',
      failed('fin'),
    ],
    ['problem: tcp://statsd.example:8125: the connection failed (EWEIRD).', failed('EWEIRD')],
    [
      'problem: tls://a:1: no TLS connection (CERT_HAS_EXPIRED). → Certificates are verified: NODE_EXTRA_CA_CERTS names a file with your own authority, and the certificate must be for this host.',
      failed('CERT_HAS_EXPIRED'),
      { protocol: 'tls', host: 'a', port: 1 },
    ],
    [
      "problem: tcp://statsd.example:8125: the server did not close the connection after the exporter did, so delivery cannot be confirmed (confirm_timeout). → If a load balancer stands in between, set delivery to 'persistent' (OTEL_EXPORTER_STATSD_DELIVERY=persistent).",
      broke('confirm_timeout'),
    ],
    [
      'problem: tcp://statsd.example:8125: the server sends data, which no StatsD server does (junk). → Another service listens there; correct the port.',
      broke('junk'),
    ],
    [
      'problem: tcp://statsd.example:8125: the server broke the connection (reset). → Another service may listen there, or a server that rejects lines of this dialect; its log may say why.',
      broke('reset'),
    ],
    [
      'problem: tcp://statsd.example:8125: the host name has no address (ENOTFOUND). → Correct the name, or check the DNS server.',
      { dnsFailures: 1 },
    ],
    [
      'problem: The test metrics cannot be written as lines (too_long). → Check prefix and tags.',
      { droppedPoints: { too_long: 1 } },
    ],
    [
      "problem: tcp://statsd.example:8125: the server did not close the connection after the exporter did, so delivery cannot be confirmed (confirm_timeout). → If a load balancer stands in between, set delivery to 'persistent' (OTEL_EXPORTER_STATSD_DELIVERY=persistent).",
      {},
    ],
  ])('says %s', (text, stats, endpoint) => {
    expect(judge(stats, endpoint)).toBe(text);
  });
});

it('the hint to listen names the dialect where it is not the default', () => {
  const destination = { protocol: 'udp', host: '127.0.0.1', port: 9125 } as const;
  const advice = (dialect: 'statsd' | 'statsd-exporter') =>
    diagnoseDelivery({ ...NOTHING, udpRefused: 1 }, { destination, dialect: dialects[dialect] }).advice;
  expect([advice('statsd'), advice('statsd-exporter')]).toEqual([
    expect.stringMatching(/otel-statsd listen udp:\/\/127\.0\.0\.1:9125$/),
    expect.stringMatching(/otel-statsd listen udp:\/\/127\.0\.0\.1:9125 --dialect statsd-exporter$/),
  ]);
});

it.each([
  ['HTTP/1.1 400 Bad Request\r\nConnection: close', '"HTTP/1.1 400 Bad Request"', 'An HTTP server'],
  ['-ERR unknown command', '"-ERR unknown command"', 'A Redis server'],
  ['-NOAUTH Authentication required.', '"-NOAUTH Authentication required."', 'A Redis server'],
  ['-DENIED Redis is running', '"-DENIED Redis is running"', 'A Redis server'],
  ['220 mail.example ESMTP\r\n', '"220 mail.example ESMTP"', 'A mail or FTP server'],
  ['\x15\x03\x01\x00\x02', '"\\u0015\\u0003\\u0001\\u0000\\u0002"', 'A TLS server'],
  ['SSH-2.0-OpenSSH_9.6\r\n', '"SSH-2.0-OpenSSH_9.6"', 'An SSH server'],
  ['ERROR\n', '"ERROR"', 'The management port of a StatsD server'],
  ['\u0000', '"\\u0000"', 'Another service'],
])('the answer %j is a problem', (answer, quoted, service) => {
  expect(answeredBy(answer, 'tcp://a:1')).toEqual({
    status: 'problem',
    text: `tcp://a:1 answered with ${quoted}, and a StatsD server never answers.`,
    advice: `${service} listens there; correct the port.`,
  });
});

it.each<[string, boolean]>([
  ['127.0.0.1', true],
  ['::1', true],
  ['localhost', true],
  ['10.127.0.1', false],
  ['::12', false],
  ['localhost.example', false],
])('the hint to listen instead of a missing server is for this machine alone: %s', (host, isGiven) => {
  const hints = (['ECONNREFUSED', 'ETIMEDOUT'] as const).map((code) => {
    const destination = { protocol: 'tcp', host, port: 1 } as const;
    const finding = diagnoseDelivery(
      { ...NOTHING, ...failed(code) },
      { destination, dialect: dialects.statsd },
    );
    return finding.advice?.includes('otel-statsd listen');
  });
  expect(hints).toEqual([isGiven, false]);
});

it('a failure of an unknown kind has no advice', () => {
  const finding = diagnoseDelivery(
    { ...NOTHING, ...failed('EWEIRD') },
    { destination: TCP, dialect: dialects.statsd },
  );
  expect(Object.keys(finding)).toEqual(['status', 'text']);
});

it('60 characters of an answer are quoted', () => {
  const text = `tcp://a:1 answered with "${'x'.repeat(60)}", and a StatsD server never answers.`;
  expect(answeredBy('x'.repeat(70), 'tcp://a:1').text).toBe(text);
});
