import { createSocket } from 'node:dgram';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Forwarder, type ForwardState } from '../../../../src/cli/listen/forward/forwarder.js';
import type { Endpoint } from '../../../../src/transport/endpoint/endpoint.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { startTcpServer, startUnixServer, unusedPort } from '../../../support/receivers/stream-server.js';
import { unusedUdpPort } from '../../../support/receivers/udp-server.js';

interface Started {
  readonly forwarder: Forwarder;
  readonly clock: FakeClock;
  /** What onChange was called with. */
  readonly changes: ForwardState[];
  /** Resolves when the state holds. */
  until(isSo: (state: ForwardState) => boolean): Promise<ForwardState>;
}

function start(
  endpoint: Endpoint,
  framing: 'newline' | 'length-prefixed' = 'newline',
  isReady: Promise<void> = Promise.resolve(),
): Started {
  const clock = new FakeClock();
  const changes: ForwardState[] = [];
  const forwarder = new Forwarder({
    endpoint,
    framing,
    addresses: async () => {
      await isReady;
      return 'path' in endpoint ? [] : [{ address: endpoint.host, family: 4 }];
    },
    clock,
    random: () => 0.5,
    onChange: (state) => void changes.push(state),
  });
  onTestFinished(async () => {
    const closed = forwarder.close();
    clock.advance(1_000);
    await closed;
  });
  return {
    forwarder,
    clock,
    changes,
    async until(isSo) {
      while (!isSo(forwarder.state())) await new Promise((resolve) => setImmediate(resolve));
      return forwarder.state();
    },
  };
}

const udp = (port: number): Endpoint => ({ protocol: 'udp', host: '127.0.0.1', port });
const tcp = (port: number): Endpoint => ({ protocol: 'tcp', host: '127.0.0.1', port });

/** The server and its connections end with the test. */
async function listeningPort(server: Server): Promise<number> {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function udpServer(
  port = 0,
): Promise<{ port: number; received: Buffer[]; got(count: number): Promise<void> }> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  onTestFinished(() => void socket.close());
  const received: Buffer[] = [];
  socket.on('message', (bytes) => received.push(bytes));
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    received,
    got: async (count) => {
      while (received.length < count) await once(socket, 'message');
    },
  };
}

describe('a datagram', () => {
  it('arrives byte for byte, whatever it holds', async () => {
    const server = await udpServer();
    const { forwarder, until } = start(udp(server.port));
    const payloads = ['a:1|c\nb:2|g', 'a:1|c\n', '\n\n', '', 'é'].map((text) => Buffer.from(text));
    payloads.push(Buffer.from([0xff, 0x00, 0x0a, 0x80]), Buffer.alloc(8_192, 'x'));
    for (const payload of payloads) forwarder.send(payload);
    await server.got(payloads.length);
    expect(server.received).toEqual(payloads);
    expect(await until(({ passedOn }) => passedOn === payloads.length)).toEqual({
      passedOn: payloads.length,
      lost: 0,
      health: { name: 'working' },
    });
  });

  it('that is refused is counted, and those after it arrive once a server listens', async () => {
    const port = await unusedUdpPort();
    const { forwarder, clock, changes, until } = start(udp(port));
    forwarder.send(Buffer.from('a:1|c'));
    await until(({ lost }) => lost === 1);
    expect(changes).toEqual([{ passedOn: 0, lost: 1, health: { name: 'failing', cause: 'ECONNREFUSED' } }]);
    const server = await udpServer(port);
    forwarder.send(Buffer.from('b:2|c'));
    await server.got(1);
    await until(({ passedOn }) => passedOn === 1);
    clock.advance(1_000);
    expect(changes.slice(1)).toEqual([{ passedOn: 1, lost: 1, health: { name: 'working' } }]);
    expect(server.received.map(String)).toEqual(['b:2|c']);
  });

  it('that is too large is counted with the reason', async () => {
    const server = await udpServer();
    const { forwarder, until } = start(udp(server.port));
    forwarder.send(Buffer.alloc(70_000));
    expect(await until(({ lost }) => lost === 1)).toEqual({
      passedOn: 0,
      lost: 1,
      health: { name: 'failing', cause: 'EMSGSIZE' },
    });
  });
});

describe('a stream', () => {
  it('gets what was given to send, although only a copy is kept: a line is a part of a larger buffer', async () => {
    const server = await startTcpServer();
    const [lines, frames] = [start(tcp(server.port)), start(tcp(server.port), 'length-prefixed')];
    for (const [{ forwarder, until }, sent] of [
      [lines, 1],
      [lines, 2],
      [frames, 1],
      [frames, 2],
    ] as const) {
      const line = Buffer.from(`${sent}:1|c`);
      forwarder.send(line);
      line.fill('-');
      await until(({ passedOn }) => passedOn === sent);
    }
    await Promise.all([lines.forwarder.close(), frames.forwarder.close()]);
    await server.gotEnd(2);
    expect([server.lines, server.cutLines]).toEqual([
      ['1:1|c', '2:1|c'],
      ['\x05\0\0\x001:1|c\x05\0\0\x002:1|c'],
    ]);
  });

  it('gets one line for each payload, with the newline that it lacks', async () => {
    const server = await startTcpServer();
    const { forwarder } = start(tcp(server.port));
    for (const text of ['a:1|c', 'b:2|c\nc:3|c\n', 'd:4|c']) forwarder.send(Buffer.from(text));
    expect(await server.gotLines(4)).toEqual(['a:1|c', 'b:2|c', 'c:3|c', 'd:4|c']);
    await forwarder.close();
    await server.gotEnd(1);
    expect([server.connections, server.cutLines, forwarder.state()]).toEqual([
      1,
      [],
      { passedOn: 3, lost: 0, health: { name: 'working' } },
    ]);
  });

  it('of length-prefixed frames gets each payload as a frame', async () => {
    const server = await startUnixServer((socket) => server.readFrames(socket));
    const { forwarder } = start({ protocol: 'unix', path: server.path }, 'length-prefixed');
    forwarder.send(Buffer.from('a:1|c\nb:2|c\n'));
    forwarder.send(Buffer.from('c:3|c\n'));
    expect(await server.gotLines(3)).toEqual(['a:1|c', 'b:2|c', 'c:3|c']);
  });

  it('without a server loses what is sent, and gets what comes after the server does', async () => {
    const port = await unusedPort();
    const { forwarder, clock, changes, until } = start(tcp(port));
    forwarder.send(Buffer.from('a:1|c'));
    await until(({ lost }) => lost === 1);
    forwarder.send(Buffer.from('b:2|c'));
    const server = await startTcpServer(undefined, port);
    clock.advance(1_000);
    forwarder.send(Buffer.from('c:3|c'));
    expect(await server.gotLines(1)).toEqual(['c:3|c']);
    await until(({ passedOn }) => passedOn === 1);
    clock.advance(1_000);
    expect(changes.map(({ lost, health }) => [lost, health])).toEqual([
      [0, { name: 'failing', cause: 'ECONNREFUSED' }],
      [2, { name: 'working' }],
    ]);
  });

  it('is opened again after the server has closed it', async () => {
    const server = await startTcpServer();
    const { forwarder, changes, until } = start(tcp(server.port));
    forwarder.send(Buffer.from('a:1|c'));
    await server.gotLines(1);
    const ended = server.gotEnd(1);
    server.onConnection = (socket) => server.read(socket);
    await server.stop();
    await ended;
    await server.restart();
    // Until the end of the connection has been noticed, a payload may still go to it.
    await until(() => {
      forwarder.send(Buffer.from('b:2|c'));
      return server.lines.length > 1;
    });
    expect([server.lines[1], changes.length <= 1]).toEqual(['b:2|c', true]);
  });

  it('that is not read takes 16 MiB beside what the system keeps, and the rest is counted as lost', async () => {
    const port = await listeningPort(createServer({ pauseOnConnect: true }));
    const { forwarder, until } = start(tcp(port));
    const payload = Buffer.alloc(2 ** 20, 'x');
    for (let sent = 0; sent < 60; sent += 1) {
      forwarder.send(payload);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { health, lost } = await until((state) => state.lost > 0);
    expect([health, lost >= 20]).toEqual([{ name: 'failing', cause: 'stall' }, true]);
  });

  it('that has not accepted a connection yet lets some 65,000 lines of two bytes wait, for the memory that each takes', async () => {
    const server = await startTcpServer((socket) => server.read(socket));
    const { forwarder, until } = start(tcp(server.port));
    const payload = Buffer.from('x\n');
    // All before the connection opens.
    for (let sent = 0; sent < 70_000; sent += 1) forwarder.send(payload);
    const most = Math.floor((16 * 2 ** 20) / (2 + 256));
    const { passedOn, lost } = await until((state) => state.passedOn + state.lost === 70_000);
    expect({ passedOn, lost }).toEqual({ passedOn: most, lost: 70_000 - most });
  });
});

/** The sockets that this process connects from now on. */
function clients(): Socket[] {
  const sockets: Socket[] = [];
  const onSocket = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', onSocket);
  onTestFinished(() => void unsubscribe('net.client.socket', onSocket));
  return sockets;
}

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe('a forwarder that is closed', () => {
  it('sends first what waits for the connection, and holds the process for it', async () => {
    const server = await startTcpServer();
    const { forwarder, clock } = start(tcp(server.port));
    forwarder.send(Buffer.from('a:1|c'));
    const closed = forwarder.close();
    const { holdsProcess, pendingMillis } = clock;
    await closed;
    expect([holdsProcess, pendingMillis, clock.pendingMillis]).toEqual([true, [1_000], []]);
    expect([server.lines, forwarder.state()]).toEqual([
      ['a:1|c'],
      { passedOn: 1, lost: 0, health: { name: 'working' } },
    ]);
    forwarder.send(Buffer.from('b:1|c'));
    expect(forwarder.state().passedOn).toBe(1);
  });

  it('ends a connection that the server keeps open after a second, and opens no other', async () => {
    const port = await listeningPort(createServer({ allowHalfOpen: true }, (socket) => socket.resume()));
    const opened = clients();
    const { forwarder, clock, until } = start(tcp(port));
    forwarder.send(Buffer.from('a:1|c'));
    await until(({ passedOn }) => passedOn === 1);
    const closed = forwarder.close();
    await turn();
    clock.advance(1_000);
    await closed;
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
    await turn();
    await turn();
    forwarder.send(Buffer.from('b:1|c'));
    await turn();
    expect([opened.length, forwarder.state().passedOn]).toEqual([1, 1]);
  });

  it('starts no other attempt', async () => {
    const { forwarder, clock, until } = start(tcp(await unusedPort()));
    forwarder.send(Buffer.from('a:1|c'));
    await until(({ lost }) => lost === 1);
    expect(clock.pendingMillis).toHaveLength(1);
    await forwarder.close();
    expect(clock.pendingMillis).toEqual([]);
  });

  it('ends a connection that opens too late', async () => {
    const server = await startTcpServer();
    const opened = clients();
    let ready = (): void => {};
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const { forwarder, clock, changes } = start(tcp(server.port), 'newline', isReady);
    forwarder.send(Buffer.from('a:1|c'));
    const closed = forwarder.close();
    clock.advance(1_000);
    await closed;
    ready();
    while (opened[0]?.destroyed !== true) await turn();
    expect([forwarder.state().passedOn, changes]).toEqual([0, []]);
  });

  it('tells of no attempt that fails too late', async () => {
    let fail = (_: Error): void => {};
    const isReady = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const { forwarder, clock, changes } = start(tcp(1), 'newline', isReady);
    forwarder.send(Buffer.from('a:1|c'));
    const closed = forwarder.close();
    clock.advance(1_000);
    await closed;
    fail(new Error('late'));
    await turn();
    expect([forwarder.state().lost, changes, clock.pendingMillis]).toEqual([0, [], []]);
  });
});

it('a payload of 16 MiB with its overhead of 256 bytes may wait, and no larger one', () => {
  const states = [0, 1].map((more) => {
    const { forwarder } = start(tcp(1), 'newline', new Promise(() => {}));
    forwarder.send(Buffer.alloc(16 * 2 ** 20 - 256 + more));
    return forwarder.state();
  });
  expect(states).toEqual([
    { passedOn: 0, lost: 0, health: { name: 'working' } },
    { passedOn: 0, lost: 1, health: { name: 'failing', cause: 'stall' } },
  ]);
});

it('a refused datagram is not counted as passed on, and those before it are', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { forwarder, clock, until } = start(udp(socket.address().port));
  for (let sent = 1; sent <= 3; sent += 1) {
    forwarder.send(Buffer.from('a:1|c'));
    await until(({ passedOn }) => passedOn === sent);
  }
  // Nothing has to be proven while all is well.
  expect(clock.pendingMillis).toEqual([]);
  socket.close();
  await once(socket, 'close');
  forwarder.send(Buffer.from('a:1|c'));
  expect(await until(({ lost }) => lost === 1)).toEqual({
    passedOn: 3,
    lost: 1,
    health: { name: 'failing', cause: 'ECONNREFUSED' },
  });
});

it('a connection that the server breaks is told with its reason', async () => {
  const resets = createServer((socket) => socket.on('data', () => void socket.resetAndDestroy()));
  const port = await listeningPort(resets);
  const { forwarder, until } = start(tcp(port));
  forwarder.send(Buffer.from('a:1|c'));
  const { health } = await until((state) => state.health.name === 'failing');
  expect(health).toEqual({ name: 'failing', cause: 'ECONNRESET' });
});

it('attempts get rarer, up to one a second', async () => {
  const { forwarder, clock, until } = start(tcp(await unusedPort()));
  const delays: (number | undefined)[] = [];
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    forwarder.send(Buffer.from('a:1|c'));
    await until(({ lost }) => lost === attempt);
    delays.push(clock.pendingMillis[0]);
    clock.advance(1_000);
  }
  expect(delays).toEqual([100, 100, 200, 400, 500, 500, 500, 500]);
});
