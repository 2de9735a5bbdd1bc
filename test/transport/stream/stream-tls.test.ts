import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import { counterLines, longLines } from '../../support/lines.js';
import { certificate, startTcpServer, startTlsServer } from '../../support/receivers/stream-server.js';
import { startTransport } from '../../support/transports.js';

const tls = (port: number, host = '127.0.0.1'): Destination => ({ protocol: 'tls', host, port });
const trusted = { ca: certificate };

describe('over TLS', () => {
  test('a name is looked up with the given function, and must be the certificate’s', async () => {
    const server = await startTlsServer();
    const transport = startTransport({
      destination: tls(server.port, 'statsd.test'),
      tls: trusted,
      lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    transport.sendLines(counterLines(10));
    expect(await transport.flush(5_000)).toBe(true);
    expect({ lines: server.lines, confirmedLines: transport.stats().confirmedLines }).toEqual({
      lines: counterLines(10),
      confirmedLines: 10,
    });
  });

  test.each([
    ['an unknown certificate', '127.0.0.1', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate for another name', 'statsd.other', trusted, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('a server with %s gets nothing', async (_what, host, options, cause) => {
    const server = await startTlsServer();
    const transport = startTransport({
      destination: tls(server.port, host),
      tls: options,
      lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    transport.sendLines(counterLines(10));
    await transport.until(({ connectFailures }) => (connectFailures[cause] ?? 0) >= 2);
    const { queuedLines, maybeDuplicatedLines, connects } = transport.stats();
    expect({ queuedLines, maybeDuplicatedLines, connects, lines: server.lines }).toEqual({
      queuedLines: 10,
      maybeDuplicatedLines: 0,
      connects: 0,
      lines: [],
    });
    expect(transport.events).toEqual([{ kind: 'outage', cause }]);
  });

  test('options of the user take precedence over the exporter’s', async () => {
    const server = await startTlsServer();
    const transport = startTransport({
      destination: tls(server.port, 'other.name'),
      tls: { ...trusted, servername: 'statsd.test' },
      lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    transport.sendLines(['a:1|c']);
    expect(await transport.flush(5_000)).toBe(true);
    expect(server.lines).toEqual(['a:1|c']);
  });

  test('invalid options are a failure like any other, and leave nothing open', async () => {
    const server = await startTlsServer();
    const transport = startTransport({
      destination: tls(server.port),
      tls: { cert: 'no certificate', key: 'no key' },
    });
    transport.sendLines(['a:1|c']);
    await transport.until(({ connectFailures }) =>
      Object.values(connectFailures).some((count) => count >= 2),
    );
    expect(transport.stats()).toMatchObject({ queuedLines: 1, connects: 0 });
    expect(transport.events).toEqual([{ kind: 'outage', cause: expect.stringMatching(/^ERR_/) }]);
    await server.stop();
  });

  test('a server without TLS is a connection failure', async () => {
    const server = await startTcpServer((socket) => socket.once('data', () => socket.end('no\n')).resume());
    const transport = startTransport({ destination: tls(server.port), tls: trusted });
    transport.sendLines(['a:1|c']);
    await transport.until(({ state }) => state === 'backing-off');
    expect(transport.stats()).toMatchObject({ queuedLines: 1, connects: 0 });
  });

  test('a server that never answers is disconnected at the connect timeout', async () => {
    const server = await startTcpServer((socket) => socket.resume());
    const transport = startTransport({
      destination: tls(server.port),
      tls: trusted,
      connectTimeoutMillis: 50,
    });
    transport.sendLines(['a:1|c']);
    await transport.until(({ connectFailures }) => (connectFailures['ETIMEDOUT'] ?? 0) > 0);
    expect(transport.stats()).toMatchObject({ queuedLines: 1, connects: 0 });
  });

  test('a server that closes without reading confirms nothing', async () => {
    let close = (): void => {};
    const server = await startTlsServer((socket, index) => {
      if (index > 0) return server.read(socket);
      socket.pause();
      close = () => socket.destroy();
    });
    const transport = startTransport({ destination: tls(server.port), tls: trusted });
    const lines = longLines(3_000);
    transport.sendLines(lines);
    await transport.until(({ state }) => state === 'confirming');
    close();
    expect(await transport.flush(10_000)).toBe(true);
    const { confirmedLines, maybeDuplicatedLines, disconnects } = transport.stats();
    expect({ lines: server.lines, confirmedLines, disconnects }).toEqual({
      lines,
      confirmedLines: 3_000,
      disconnects: { reset: 1 },
    });
    expect(maybeDuplicatedLines).toBeGreaterThan(0);
  });

  test('an aborted connection is reset, so that the server does not read on', async () => {
    const ends: string[] = [];
    const server = await startTlsServer((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => ends.push(error.code ?? ''));
      socket.resume();
      // Reason enough to leave.
      socket.write(Buffer.alloc(100_000, 'junk\n'));
    });
    const transport = startTransport({ destination: tls(server.port), tls: trusted });
    transport.sendLines(longLines(10_000));
    await transport.until(() => ends.length > 0);
    expect(ends[0]).toBe('ECONNRESET');
  });
});
