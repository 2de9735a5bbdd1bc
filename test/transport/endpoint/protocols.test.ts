import { expect, test } from 'vitest';
import {
  ENDPOINT_PROTOCOLS,
  HOST_PROTOCOLS,
  isAvailable,
  isHostProtocol,
  isPathProtocol,
  PROTOCOLS,
  traitsOf,
} from '../../../src/transport/endpoint/protocols.js';

test('protocols have either a host or a path', () => {
  expect(ENDPOINT_PROTOCOLS).toEqual(['udp', 'tcp', 'tls', 'unix', 'unixgram']);
  expect(ENDPOINT_PROTOCOLS.map((protocol) => [isHostProtocol(protocol), isPathProtocol(protocol)])).toEqual([
    [true, false],
    [true, false],
    [true, false],
    [false, true],
    [false, true],
  ]);
  expect(HOST_PROTOCOLS).toEqual(['udp', 'tcp', 'tls']);
});

test('every protocol is available on every platform, except unixgram on Windows', () => {
  const available = (platform: NodeJS.Platform): string[] =>
    ENDPOINT_PROTOCOLS.filter((protocol) => isAvailable(protocol, platform));
  expect([available('linux'), available('darwin'), available('win32')]).toEqual([
    ['udp', 'tcp', 'tls', 'unix', 'unixgram'],
    ['udp', 'tcp', 'tls', 'unix', 'unixgram'],
    ['udp', 'tcp', 'tls', 'unix'],
  ]);
});

test('only protocols of endpoints have properties', () => {
  expect(ENDPOINT_PROTOCOLS.map(traitsOf)).toEqual(Object.values(PROTOCOLS));
  expect(['stream', 'lines', 'http', '', 'toString'].map(traitsOf)).toEqual(Array(5).fill(undefined));
});
