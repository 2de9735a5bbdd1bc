import { expect, test } from 'vitest';
import { canConfirm, type Destination, isToNamedPipe } from '../../../src/transport/endpoint/destination.js';

const PIPE = '\\\\.\\pipe\\statsd';

test.each<[Destination, { isToNamedPipe: boolean; canConfirm: boolean }]>([
  [
    { protocol: 'udp', host: 'h', port: 1 },
    { isToNamedPipe: false, canConfirm: false },
  ],
  [
    { protocol: 'tcp', host: 'h', port: 1 },
    { isToNamedPipe: false, canConfirm: true },
  ],
  [
    { protocol: 'tls', host: 'h', port: 1 },
    { isToNamedPipe: false, canConfirm: true },
  ],
  [
    { protocol: 'unix', path: '/run/a.sock' },
    { isToNamedPipe: false, canConfirm: true },
  ],
  [
    { protocol: 'unix', path: PIPE },
    { isToNamedPipe: true, canConfirm: false },
  ],
  [
    { protocol: 'unixgram', path: '/run/a.sock' },
    { isToNamedPipe: false, canConfirm: false },
  ],
  [
    { protocol: 'stream', stream: process.stdout },
    { isToNamedPipe: false, canConfirm: false },
  ],
  [
    { protocol: 'lines', sink: () => {} },
    { isToNamedPipe: false, canConfirm: false },
  ],
])('whether $protocol can prove delivery, and leads to a named pipe', (destination, expected) => {
  expect({ isToNamedPipe: isToNamedPipe(destination), canConfirm: canConfirm(destination) }).toEqual(
    expected,
  );
});
