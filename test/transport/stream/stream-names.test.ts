// Names of stream servers: lookups, several addresses, and addresses that change.
import type { LookupFunction } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startTcpServer } from '../../support/receivers/stream-server.js';
import { startTransport } from '../../support/transports.js';

describe('a name', () => {
  /** Answers with what it has at the time. */
  function changingLookup(addresses: string[]): LookupFunction {
    return (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
  }

  test('that moves is followed with the next segment', async () => {
    const before = await startTcpServer();
    const after = await startTcpServer(undefined, before.port, '127.0.0.2');
    const addresses = ['127.0.0.1'];
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.example', port: before.port },
      lookup: changingLookup(addresses),
    });
    transport.sendLines(['a:1|c']);
    await transport.flush(5_000);
    addresses.splice(0, 1, '127.0.0.2');
    transport.sendLines(['b:1|c']);
    await transport.flush(5_000);
    expect([before.lines, after.lines, transport.stats().dnsChanges]).toEqual([['a:1|c'], ['b:1|c'], 1]);
  });

  test('with several addresses is tried at all of them, and stays with the one that worked', async () => {
    const server = await startTcpServer(undefined, 0, '127.0.0.3');
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.example', port: server.port },
      lookup: changingLookup(['127.0.0.1', '127.0.0.2', '127.0.0.3']),
    });
    for (const line of ['a:1|c', 'b:1|c']) {
      transport.sendLines([line]);
      expect(await transport.flush(5_000)).toBe(true);
    }
    expect({ lines: server.lines, connectFailures: transport.stats().connectFailures }).toEqual({
      lines: ['a:1|c', 'b:1|c'],
      connectFailures: {},
    });
  });

  test('whose server moved to another address loses nothing', async () => {
    const first = await startTcpServer();
    const second = await startTcpServer(undefined, first.port, '127.0.0.2');
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.example', port: first.port },
      lookup: changingLookup(['127.0.0.1', '127.0.0.2']),
    });
    transport.sendLines(['a:1|c']);
    await transport.flush(5_000);
    await first.stop();
    transport.sendLines(['b:1|c']);
    expect(await transport.flush(5_000)).toBe(true);
    expect([first.lines, second.lines]).toEqual([['a:1|c'], ['b:1|c']]);
  });

  test('with a server that breaks every connection at one address is tried at the other', async () => {
    const bad = await startTcpServer((socket) =>
      socket.once('data', () => socket.resetAndDestroy()).resume(),
    );
    const good = await startTcpServer(undefined, bad.port, '127.0.0.2');
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.example', port: bad.port },
      lookup: changingLookup(['127.0.0.1', '127.0.0.2']),
    });
    transport.sendLines(['a:1|c']);
    expect(await transport.flush(5_000)).toBe(true);
    expect({ connections: bad.connections, lines: good.lines }).toEqual({ connections: 1, lines: ['a:1|c'] });
  });

  test('that is unknown for a while keeps its addresses', async () => {
    const server = await startTcpServer();
    const addresses = ['127.0.0.1'];
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.example', port: server.port },
      lookup: changingLookup(addresses),
    });
    transport.sendLines(['a:1|c']);
    await transport.flush(5_000);
    addresses.pop();
    transport.sendLines(['b:1|c']);
    expect(await transport.flush(5_000)).toBe(true);
    expect({ lines: server.lines, dnsFailures: transport.stats().dnsFailures }).toEqual({
      lines: ['a:1|c', 'b:1|c'],
      dnsFailures: 1,
    });
  });
});

describe('a lookup without an answer', () => {
  test('ends at the connect timeout', async () => {
    const server = await startTcpServer();
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.example', port: server.port },
      lookup: () => {},
      connectTimeoutMillis: 50,
    });
    transport.sendLines(['a:1|c']);
    await transport.until(({ connectFailures }) => Object.keys(connectFailures).length > 0);
    expect(transport.stats()).toMatchObject({ queuedLines: 1, connects: 0 });
  });
});

test('a lookup that throws is a failure like any other', async () => {
  const transport = startTransport({
    destination: { protocol: 'tcp', host: 'statsd.example', port: 8125 },
    lookup: () => {
      throw new TypeError('no such service');
    },
  });
  expect(transport.sendLines(['a:1|c'])).toBe(true);
  await transport.until(({ state }) => state === 'backing-off');
  expect(transport.stats()).toMatchObject({ queuedLines: 1, connects: 0 });
});
