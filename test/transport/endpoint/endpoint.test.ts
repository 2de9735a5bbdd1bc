import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedSocketPath } from '../../../src/runtime/socket-path.js';
import { formatDestination } from '../../../src/transport/endpoint/destination.js';
import {
  type Endpoint,
  formatEndpoint,
  isPort,
  parseEndpoint,
} from '../../../src/transport/endpoint/endpoint.js';
import {
  ENDPOINT_PROTOCOLS,
  HOST_PROTOCOLS,
  isPathProtocol,
} from '../../../src/transport/endpoint/protocols.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

/** What 107 bytes leave for a path's name. */
const longest = `/${'x'.repeat(106)}`;

describe('a URL of an endpoint', () => {
  test.each<[string, ReturnType<typeof parseEndpoint>]>([
    ['udp://127.0.0.1:8125', { protocol: 'udp', host: '127.0.0.1', port: 8125 }],
    ['tcp://statsd.example:9125', { protocol: 'tcp', host: 'statsd.example', port: 9125 }],
    ['tls://statsd.example', { protocol: 'tls', host: 'statsd.example', port: undefined }],
    ['TCP://Statsd.Example:1/', { protocol: 'tcp', host: 'Statsd.Example', port: 1 }],
    ['udp://[::1]:65535', { protocol: 'udp', host: '::1', port: 65_535 }],
    ['udp://[fe80::1]', { protocol: 'udp', host: 'fe80::1', port: undefined }],
    ['udp://[fe80::1%eth0]:8125', { protocol: 'udp', host: 'fe80::1%eth0', port: 8125 }],
    ['unix:///var/run/statsd.sock', { protocol: 'unix', path: '/var/run/statsd.sock' }],
    ['unixgram:///run/a b?c#d/ü.sock', { protocol: 'unixgram', path: '/run/a b?c#d/ü.sock' }],
    ['UNIX:///a', { protocol: 'unix', path: '/a' }],
    [`unix://${longest}`, { protocol: 'unix', path: longest }],
  ])('%s is understood', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
  });

  test.each([
    '',
    'udp',
    'udp:',
    'udp://',
    'udp:/127.0.0.1',
    '127.0.0.1:8125',
    'http://127.0.0.1:8125',
    'udp://127.0.0.1:0',
    'udp://127.0.0.1:65536',
    'udp://127.0.0.1:8125x',
    'udp://127.0.0.1:',
    'udp://:8125',
    'udp://::1:8125',
    'udp://[::1',
    'udp://[::1%]:8125',
    'udp://[::1%a]b]:8125',
    'udp://[%eth0]:8125',
    'udp://[127.0.0.1]x:1',
    'udp://user@host:8125',
    'udp://host:8125/path',
    'udp://host:8125?query',
    'udp://host name:8125',
    'tcp:///var/run/statsd.sock',
    'unix://var/run/statsd.sock',
    'unix://',
    'unix:///',
    'unix:///a\0b',
    `unix://${longest}x`,
    'stream://stdout',
    ' udp://127.0.0.1:8125',
    'x-udp://127.0.0.1:8125',
  ])('%j is not', (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });
});

test.each<[Endpoint, string]>([
  [{ protocol: 'udp', host: '127.0.0.1', port: 8125 }, 'udp://127.0.0.1:8125'],
  [{ protocol: 'tls', host: '::1', port: 1 }, 'tls://[::1]:1'],
  [{ protocol: 'unix', path: '/run/a b.sock' }, 'unix:///run/a b.sock'],
  [{ protocol: 'unixgram', path: '/run/dsd.sock' }, 'unixgram:///run/dsd.sock'],
])('%j is written as %s, which is read as the same', (endpoint, text) => {
  expect({
    formatEndpoint: formatEndpoint(endpoint),
    formatDestination: formatDestination(endpoint),
    parseEndpoint: parseEndpoint(text),
  }).toEqual({ formatEndpoint: text, formatDestination: text, parseEndpoint: endpoint });
});

const hosts = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(fc.ipV6(), fc.stringMatching(/^[\w.~:-]{1,15}$/)).map(([address, zone]) => `${address}%${zone}`),
);

const endpoints: fc.Arbitrary<Endpoint> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom(...HOST_PROTOCOLS),
    host: hosts,
    port: fc.integer({ min: 1, max: 65_535 }),
  }),
  fc.record({
    protocol: fc.constantFrom(...ENDPOINT_PROTOCOLS.filter(isPathProtocol)),
    path: fc
      .string({ minLength: 1, unit: 'binary' })
      .map((name) => `/${name}`)
      .filter((path) => expectedSocketPath(path) === undefined),
  }),
);

test('every endpoint is read as it is written', () => {
  fc.assert(
    fc.property(endpoints, (endpoint) => {
      expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
    }),
  );
});

test('every text that is read as an endpoint is written as one that is read as the same', () => {
  const parts = fc.constantFrom(
    '[',
    ']',
    '%',
    ':',
    '/',
    '@',
    '?',
    '::1',
    'fe80::1',
    'eth0',
    '127.0.0.1',
    'a.b',
    '25',
    '0',
    ' ',
  );
  const texts = fc.tuple(
    fc.constantFrom(...ENDPOINT_PROTOCOLS, 'http', 'UDP'),
    fc.array(parts, { maxLength: 6 }),
  );
  fc.assert(
    fc.property(texts, ([scheme, rest]) => {
      const parsed = parseEndpoint(`${scheme}://${rest.join('')}`);
      if (parsed === undefined) return;
      const endpoint: Endpoint = 'path' in parsed ? parsed : { ...parsed, port: parsed.port ?? 8125 };
      expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
    }),
    { numRuns: 2_000 },
  );
});

test('a stream or function of the application has a name for messages', () => {
  expect([
    formatDestination({ protocol: 'stream', stream: process.stdout }),
    formatDestination({ protocol: 'lines', sink: () => {} }),
  ]).toEqual(['the stream', 'the lines function']);
});

test('ports are whole numbers that a server can listen on', () => {
  expect([0, 1, 65_535, 65_536, 1.5, -1, Number.NaN].map(isPort)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
