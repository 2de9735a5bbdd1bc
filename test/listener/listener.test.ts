import { createSocket, Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { connect, createServer, Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Listener, type ListenerOptions, listen, NO_COUNTS } from '../../src/listener/listener.js';
import { systemClock } from '../../src/runtime/clock.js';
import type { Endpoint } from '../../src/transport/endpoint/endpoint.js';
import { failToOpen } from '../support/failing-open.js';
import { temporarySocketPath } from '../support/receivers/stream-server.js';

const TCP: Endpoint = { protocol: 'tcp', host: '127.0.0.1', port: 0 };
async function start(
  endpoint: Endpoint,
  options: Partial<ListenerOptions> = {},
): Promise<{ listener: Listener; lines: string[] }> {
  const lines: string[] = [];
  const listener = await listen({ endpoint, onLine: (line) => lines.push(line), ...options });
  onTestFinished(() => listener.close());
  return { listener, lines };
}

function portOf({ endpoint }: Listener): number {
  return 'port' in endpoint ? endpoint.port : 0;
}

/** Connects, and ends after the pieces, each of which the listener has read before the next is sent. */
async function send(listener: Listener, pieces: (string | Buffer)[]): Promise<void> {
  const { endpoint } = listener;
  const socket: Socket =
    'path' in endpoint ? connect({ path: endpoint.path }) : connect(endpoint.port, endpoint.host);
  socket.on('error', () => {});
  const closed = once(socket.resume(), 'close');
  const before = listener.counts().bytes;
  let sent = 0;
  for (const piece of pieces) {
    socket.write(piece);
    sent += Buffer.byteLength(piece);
    while (listener.counts().bytes < before + sent) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await closed;
}

describe('on a stream', () => {
  it.each<['tcp' | 'unix']>([['tcp'], ['unix']])(
    '%s lines are joined from pieces of any size',
    async (kind) => {
      const endpoint: Endpoint = kind === 'tcp' ? TCP : { protocol: 'unix', path: temporarySocketPath() };
      const { listener, lines } = await start(endpoint);
      const text = Buffer.from('a:1|c\n\nbé:2|c\nc:3|c\n');
      await send(listener, [text.subarray(0, 3), text.subarray(3, 9), text.subarray(9)]);
      expect({ lines, counts: listener.counts() }).toEqual({
        lines: ['a:1|c', 'bé:2|c', 'c:3|c'],
        counts: { ...NO_COUNTS, lines: 3, bytes: text.length, connections: 1 },
      });
    },
  );

  it('a connection that ends in the middle of a line is counted, and the rest is not a line', async () => {
    const { listener, lines } = await start(TCP);
    await send(listener, ['a:1|c\nb:1']);
    expect({ lines, cutLines: listener.counts().cutLines }).toEqual({ lines: ['a:1|c'], cutLines: 1 });
  });

  it('a line longer than a mebibyte is discarded', async () => {
    const { listener, lines } = await start(TCP);
    const long = 'x'.repeat(2 ** 20);
    await send(listener, ['a:1|c\n', long, 'yyy', 'z\nb:1|c\n', `${long}\n`]);
    expect({ lines, oversizedLines: listener.counts().oversizedLines }).toEqual({
      lines: ['a:1|c', 'b:1|c', long],
      oversizedLines: 1,
    });
  });
});

it('unfinished lines of all connections take 32 MiB at most, and one without room is counted', async () => {
  const { listener, lines } = await start(TCP, { maxLineBytes: 64 * 2 ** 20 });
  await send(listener, ['a:1|c\n', Buffer.alloc(33 * 2 ** 20, 'x'), '\nb:1|c\n']);
  const { discardedLines, oversizedLines } = listener.counts();
  expect({ lines, discardedLines, oversizedLines }).toEqual({
    lines: ['a:1|c', 'b:1|c'],
    discardedLines: 1,
    oversizedLines: 0,
  });
});

describe('on a stream with length prefixes', () => {
  const framed = (text: string): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(Buffer.byteLength(text));
    return Buffer.concat([head, Buffer.from(text)]);
  };

  it('payloads are joined from pieces of any size, and their last newline may be missing', async () => {
    const { listener, lines } = await start(TCP, { framing: 'length-prefixed' });
    const bytes = Buffer.concat([framed('a:1|c\nb:1|c\n'), framed('c:1|c')]);
    await send(listener, [bytes.subarray(0, 2), bytes.subarray(2, 9), bytes.subarray(9)]);
    expect({ lines, cutLines: listener.counts().cutLines }).toEqual({
      lines: ['a:1|c', 'b:1|c', 'c:1|c'],
      cutLines: 0,
    });
  });

  it('a connection that ends within a payload is counted', async () => {
    const { listener, lines } = await start(TCP, { framing: 'length-prefixed' });
    await send(listener, [framed('a:1|c\n').subarray(0, 8)]);
    expect({ lines, cutLines: listener.counts().cutLines }).toEqual({ lines: [], cutLines: 1 });
  });

  it('a length above the limit closes the connection, because the next frame cannot be found', async () => {
    const { listener, lines } = await start(TCP, { framing: 'length-prefixed' });
    await send(listener, [framed('a:1|c\n'), 'b:1|c\nc:1|c\n']);
    expect({
      lines,
      oversizedLines: listener.counts().oversizedLines,
      cutLines: listener.counts().cutLines,
    }).toEqual({ lines: ['a:1|c'], oversizedLines: 1, cutLines: 0 });
  });
});

describe('a client whose frame exceeds the limit', () => {
  it('is disconnected, although it keeps its end open, and what it sent before counts', async () => {
    const { listener, lines } = await start(TCP, { framing: 'length-prefixed' });
    const socket = connect(portOf(listener), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.resume().write(Buffer.from([6, 0, 0, 0, ...Buffer.from('a:1|c\n'), 1, 0, 16, 0]));
    await closed;
    const { oversizedLines, cutLines, connections } = listener.counts();
    expect({ lines, oversizedLines, cutLines, connections }).toEqual({
      lines: ['a:1|c'],
      oversizedLines: 1,
      cutLines: 0,
      connections: 1,
    });
  });
});

it.each([
  ['a line', undefined, 'a:1|c\n', 'a:1|c'],
  ['a frame', 'length-prefixed', '\x06\0\0\0a:1|c\n', 'a:1|c\n'],
] as const)('%s comes as it was received, too', async (_what, framing, sent, payload) => {
  const payloads: string[] = [];
  const onPayload = (bytes: Buffer): void => void payloads.push(String(bytes));
  const { listener, lines } = await start(TCP, { framing, onPayload });
  await send(listener, [sent]);
  expect({ payloads, lines }).toEqual({ payloads: [payload], lines: ['a:1|c'] });
});

describe('datagrams', () => {
  it.each<['udp4' | 'udp6', string]>([
    ['udp4', '127.0.0.1'],
    ['udp6', '::1'],
  ])('over %s hold lines, of which the last may lack its newline', async (type, host) => {
    const { listener, lines } = await start({ protocol: 'udp', host, port: 0 });
    const socket = createSocket(type);
    onTestFinished(() => void socket.close());
    socket.send('a:1|c\nb:1|c\n', portOf(listener), host);
    socket.send('c:1|c', portOf(listener), host);
    while (lines.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect({ lines, counts: listener.counts() }).toEqual({
      lines: ['a:1|c', 'b:1|c', 'c:1|c'],
      counts: { ...NO_COUNTS, lines: 3, bytes: 17, datagrams: 2 },
    });
  });
});

describe('a listener', () => {
  it('that is closed destroys its connections and can be closed again', async () => {
    const { listener } = await start(TCP);
    const socket = connect(portOf(listener), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    while (listener.counts().connections === 0) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([listener.close(), listener.close(), once(socket.resume(), 'close')]);
    await listener.close();
  });

  it('serves others after a client has reset its connection, whose unfinished line is counted', async () => {
    const { listener, lines } = await start(TCP);
    const socket = connect(portOf(listener), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('a:1|c\nb:1');
    while (listener.counts().bytes < 9) await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    while (listener.counts().cutLines === 0) await new Promise((resolve) => setImmediate(resolve));
    await send(listener, ['c:1|c\n']);
    expect({ lines, cutLines: listener.counts().cutLines }).toEqual({
      lines: ['a:1|c', 'c:1|c'],
      cutLines: 1,
    });
  });

  it('names its endpoint, with the port that it took', async () => {
    const path = temporarySocketPath();
    const { listener: unix } = await start({ protocol: 'unix', path });
    const { listener: tcp } = await start(TCP);
    expect([unix.endpoint, tcp.endpoint]).toEqual([
      { protocol: 'unix', path },
      { ...TCP, port: expect.any(Number) },
    ]);
    expect(portOf(tcp)).toBeGreaterThan(0);
  });

  it('of datagrams that is closed, also twice, leaves its port to others', async () => {
    const endpoint = { protocol: 'udp', host: '127.0.0.1', port: 0 } as const;
    const { listener } = await start(endpoint);
    const port = portOf(listener);
    await Promise.all([listener.close(), listener.close()]);
    await listener.close();
    const { listener: other } = await start({ ...endpoint, port });
    expect(portOf(other)).toBe(port);
  });

  it('refuses connections beyond 1,024 at a time, and counts them', async () => {
    const { listener, lines } = await start(TCP);
    const open = (): Promise<Socket> =>
      new Promise((resolve) => {
        const socket = connect(portOf(listener), '127.0.0.1');
        socket.on('error', () => {});
        onTestFinished(() => void socket.destroy());
        socket.once('connect', () => resolve(socket));
      });
    const sockets: Socket[] = [];
    for (let count = 0; count < 1_024; count += 1) sockets.push(await open());
    while (listener.counts().connections < 1_024) await new Promise((resolve) => setImmediate(resolve));
    const refused = await open();
    await once(refused.resume(), 'close');
    sockets[0]?.end('a:1|c\n');
    await once(sockets[0]?.resume() ?? refused, 'close');
    expect({
      lines,
      connections: listener.counts().connections,
      refusedConnections: listener.counts().refusedConnections,
    }).toEqual({ lines: ['a:1|c'], connections: 1_024, refusedConnections: 1 });
  });

  it('refuses connections without a free file descriptor, and counts them', async () => {
    const { listener, lines } = await start(TCP);
    const restore = failToOpen('EMFILE');
    await send(listener, []);
    restore();
    await send(listener, ['a:1|c\n']);
    expect([lines, listener.counts()]).toEqual([
      ['a:1|c'],
      { ...NO_COUNTS, lines: 1, bytes: 6, connections: 1, failedConnections: 1 },
    ]);
  });

  it('goes on after an accept that failed, and counts it', async () => {
    const listening = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => listening.mockRestore());
    const { listener, lines } = await start(TCP);
    (listening.mock.contexts[0] as Server).emit('error', new Error('accept EMFILE'));
    await send(listener, ['a:1|c\n']);
    expect([lines, listener.counts().failedConnections]).toEqual([['a:1|c'], 1]);
  });

  it('goes on after an error of one datagram', async () => {
    const binding = vi.spyOn(DatagramSocket.prototype, 'bind');
    onTestFinished(() => binding.mockRestore());
    const { listener, lines } = await start({ protocol: 'udp', host: '127.0.0.1', port: 0 });
    (binding.mock.contexts[0] as DatagramSocket).emit('error', new Error('recvmsg ENOMEM'));
    const sender = createSocket('udp4');
    onTestFinished(() => void sender.close());
    sender.send('a:1|c', portOf(listener), '127.0.0.1');
    await vi.waitUntil(() => lines.length > 0, { interval: 1, timeout: 10_000 });
    expect(lines).toEqual(['a:1|c']);
  });

  it('keeps at most 32 MiB of unfinished lines of all connections, and counts those it discards', async () => {
    const { listener, lines } = await start(TCP);
    // A line of so many bytes is kept in a MiB.
    const bytes = 1_000_000;
    const sockets: Socket[] = [];
    for (let count = 1; count <= 34; count += 1) {
      const socket = connect(portOf(listener), '127.0.0.1').on('error', () => {});
      onTestFinished(() => void socket.destroy());
      sockets.push(socket);
      socket.write(Buffer.alloc(bytes, 'x'));
      while (listener.counts().bytes < count * bytes) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const socket of sockets) socket.end('\n');
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    expect([lines.length, listener.counts().discardedLines]).toEqual([32, 2]);
  });

  it('processes the lines of one read in turns, between which other work is done', async () => {
    // Each look at the clock takes a millisecond, and a turn ten.
    let millis = 0;
    const clock = { ...systemClock, now: () => (millis += 1) };
    let [perTurn, most] = [0, 0];
    const onLine = (): void => {
      perTurn += 1;
      most = Math.max(most, perTurn);
    };
    const { listener } = await start(TCP, { clock, onLine });
    const rounds = setInterval(() => {
      perTurn = 0;
    });
    onTestFinished(() => clearInterval(rounds));
    await send(listener, ['x\n'.repeat(1_000)]);
    expect(listener.counts().lines).toBe(1_000);
    // The test's timer may be served after two turns.
    expect(most).toBeLessThanOrEqual(20);
  });

  it('that is paused makes streams wait and drops datagrams beyond 4 MiB, which it counts', async () => {
    const streams = await start(TCP);
    streams.listener.pause();
    const sending = send(streams.listener, ['a:1|c\n', 'b:1|c\n']).then(() => 'sent');
    expect(await Promise.race([sending, setTimeout(50, 'waiting')])).toBe('waiting');
    streams.listener.resume();
    await sending;
    expect(streams.lines).toEqual(['a:1|c', 'b:1|c']);

    const datagrams = await start({ protocol: 'udp', host: '127.0.0.1', port: 0 });
    datagrams.listener.pause();
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    const line = 'x'.repeat(60_000);
    let sent = 0;
    while (datagrams.listener.counts().droppedDatagrams === 0) {
      socket.send(line, portOf(datagrams.listener), '127.0.0.1');
      sent += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { droppedDatagrams } = datagrams.listener.counts();
    datagrams.listener.resume();
    const kept = Math.floor((4 * 2 ** 20) / (60_000 + 256));
    while (datagrams.lines.length < kept) await new Promise((resolve) => setImmediate(resolve));
    expect(droppedDatagrams).toBeGreaterThan(0);
    expect(datagrams.lines.length + droppedDatagrams).toBeLessThanOrEqual(sent);
  });

  it.each<['udp' | 'tcp']>([['udp'], ['tcp']])('rejects for a %s port that is taken', async (protocol) => {
    const { listener } = await start({ protocol, host: '127.0.0.1', port: 0 });
    await expect(start(listener.endpoint)).rejects.toThrow('EADDRINUSE');
  });

  it('rejects protocols that it cannot receive', async () => {
    await expect(start({ protocol: 'unixgram', path: '/a' })).rejects.toThrow(
      'listening on unixgram is not supported: use udp or tcp or unix',
    );
  });
});

describe('a socket file that is already there', () => {
  it('is replaced when no process listens on it', async () => {
    const path = temporarySocketPath();
    // Moved away while its server closes, it is left behind as by a killed one.
    const dead = createServer();
    dead.listen({ path });
    await once(dead, 'listening');
    renameSync(path, `${path}.old`);
    dead.close();
    await once(dead, 'close');
    renameSync(`${path}.old`, path);
    const { listener, lines } = await start({ protocol: 'unix', path });
    await send(listener, ['a:1|c\n']);
    expect(lines).toEqual(['a:1|c']);
  });

  it('stays when a process listens on it, or when it is not a socket', async () => {
    const served = temporarySocketPath();
    const { listener, lines } = await start({ protocol: 'unix', path: served });
    await expect(start({ protocol: 'unix', path: served })).rejects.toThrow('EADDRINUSE');
    await send(listener, ['a:1|c\n']);
    const file = temporarySocketPath();
    writeFileSync(file, 'precious');
    await expect(start({ protocol: 'unix', path: file })).rejects.toThrow('EADDRINUSE');
    expect({ lines, exists: existsSync(file) }).toEqual({ lines: ['a:1|c'], exists: true });
  });
});
