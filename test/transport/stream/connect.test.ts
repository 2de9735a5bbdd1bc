// How connections are opened and aborted.
import net, { type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Address } from '../../../src/transport/endpoint/resolver.js';
import { abortSocket, openTcp, openTls, type StreamSocket } from '../../../src/transport/stream/connect.js';
import { certificate, startTcpServer, startTlsServer } from '../../support/receivers/stream-server.js';

const loopback: Address = { address: '127.0.0.1', family: 4 };

function closedAtEnd(opened: StreamSocket): StreamSocket {
  onTestFinished(() => abortSocket(opened, 'fin'));
  return opened;
}

describe('a connection over TCP', () => {
  test('sends small writes at once, notices a vanished server, and gives each address a second', async () => {
    const server = await startTcpServer();
    const connect = vi.spyOn(net, 'connect');
    onTestFinished(() => void vi.restoreAllMocks());
    closedAtEnd(openTcp([loopback], server.port));
    expect(connect.mock.calls).toEqual([
      [
        {
          ...{ host: expect.any(String), port: server.port, lookup: expect.any(Function) },
          ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 },
          ...{ autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1_000 },
        },
      ],
    ]);
  });

  test('goes to the given addresses: all of them, or the first when one is asked for', async () => {
    const server = await startTcpServer();
    const connect = vi.spyOn(net, 'connect');
    onTestFinished(() => void vi.restoreAllMocks());
    const addresses: [Address, Address] = [loopback, { address: '::1', family: 6 }];
    closedAtEnd(openTcp(addresses, server.port));
    const { lookup } = connect.mock.calls[0]![0] as unknown as { lookup: typeof import('node:dns').lookup };
    const answers: unknown[][] = [];
    lookup('resolved', { all: true }, (...answer) => answers.push(answer));
    lookup('resolved', { all: false }, (...answer) => answers.push(answer));
    expect(answers).toEqual([
      [null, addresses],
      [null, '127.0.0.1', 4],
    ]);
  });
});

describe('a connection over TLS', () => {
  test.each([
    ['the name of its server', 'statsd.test', 'statsd.test'],
    ['no address, which the standard forbids', '127.0.0.1', false],
  ])('names %s in its hello', async (_what, host, servername) => {
    const server = await startTlsServer();
    const named = new Promise((resolve) => {
      server.onConnection = (socket) => resolve((socket as TLSSocket).servername);
    });
    closedAtEnd(openTls([loopback], { host, port: server.port }, { ca: certificate }));
    expect(await named).toBe(servername);
  });

  test('whose address fails at once and whose options are invalid throws, and its socket has no unhandled error', () => {
    const connect = vi.spyOn(net, 'connect');
    onTestFinished(() => void vi.restoreAllMocks());
    const unreachable: Address = { address: 'fe80::1', family: 6 };
    const options = { cert: 'no certificate', key: 'no key' };
    expect(() => openTls([unreachable], { host: 'statsd.test', port: 8_125 }, options)).toThrow();
    const raw: Socket = connect.mock.results[0]!.value;
    expect([raw.destroyed, raw.emit('error', new Error('late'))]).toEqual([true, true]);
  });
});

describe('aborting a connection', () => {
  function socketOf(state: { connecting?: boolean; destroyed?: boolean } = {}) {
    const calls: string[] = [];
    const socket = {
      ...{ connecting: false, destroyed: false, ...state },
      destroy: () => calls.push('destroy'),
      resetAndDestroy: () => calls.push('reset'),
    };
    return { calls, socket: socket as unknown as Socket };
  }

  test.each([
    ['resets it when it is connected', {}, 'rst', ['reset']],
    [
      'destroys it while it is connecting, because a reset would wait',
      { connecting: true },
      'rst',
      ['destroy'],
    ],
    ['destroys what is destroyed again, without a reset', { destroyed: true }, 'rst', ['destroy']],
    ['destroys it when no reset is wanted', {}, 'fin', ['destroy']],
  ] as const)('%s', (_what, state, abortWith, expected) => {
    const { socket, calls } = socketOf(state);
    abortSocket({ socket, readyEvent: 'connect', transportSocket: socket }, abortWith);
    expect(calls).toEqual(expected);
  });

  test.each([
    ['rst', ['reset']],
    ['fin', ['destroy']],
  ] as const)('over TLS ends the socket below with %s, and then its own', (abortWith, expected) => {
    const secure = socketOf();
    const raw = socketOf();
    abortSocket(
      { socket: secure.socket, readyEvent: 'secureConnect', transportSocket: raw.socket },
      abortWith,
    );
    expect([raw.calls, secure.calls]).toEqual([expected, ['destroy']]);
  });
});
