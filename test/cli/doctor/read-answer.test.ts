// What `doctor` reads of a service that answers.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readAnswer } from '../../../src/cli/doctor/read-answer.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { FakeClock } from '../../support/fake-clock.js';
import { startUnixServer, unusedPort } from '../../support/receivers/stream-server.js';

const payload = Buffer.from('probe:1|c\n');

/** The port of a TCP server that sends so many bytes to each client, and keeps the connection open. */
async function startTcp(bytes: number): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).write('x'.repeat(bytes)));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The port of a UDP server that answers each datagram with so many bytes. */
async function startUdp(bytes: number, host = '127.0.0.1'): Promise<number> {
  const server = createSocket(host === '::1' ? 'udp6' : 'udp4', (_, { port }) => {
    if (bytes > 0) server.send('x'.repeat(bytes), port, host);
  });
  onTestFinished(() => void server.close());
  server.bind(0, host);
  await once(server, 'listening');
  return server.address().port;
}

it.each([
  ['tcp', startTcp],
  ['udp', startUdp],
] as const)('at most 200 bytes of an answer over %s are read', async (protocol, start) => {
  const port = await start(2_000);
  const answer = await readAnswer({ protocol, host: '127.0.0.1', port }, payload, systemClock);
  expect(answer).toBe('x'.repeat(200));
});

it.each([
  ['tcp', startTcp],
  ['udp', startUdp],
] as const)('no answer over %s is waited for longer than a second', async (protocol, start) => {
  const clock = new FakeClock();
  const reading = readAnswer({ protocol, host: '127.0.0.1', port: await start(0) }, payload, clock);
  expect([clock.pendingMillis, clock.holdsProcess]).toEqual([[1_000], true]);
  clock.advance(1_000);
  expect(await reading).toBeUndefined();
});

it('an answer over tcp may come in parts', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {}).on('data', () => socket.write('x'.repeat(150)));
    // The first part has been read by then.
    socket.on('end', () => {
      let turns = 20;
      const later = (): void => {
        turns -= 1;
        if (turns > 0) setImmediate(later);
        else socket.write('y'.repeat(150));
      };
      later();
    });
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await readAnswer({ protocol: 'tcp', host: '127.0.0.1', port }, payload, new FakeClock());
  expect(answer).toBe('x'.repeat(150) + 'y'.repeat(50));
});

it('a server that refuses the connection gives no answer', async () => {
  const destination = { protocol: 'tcp', host: '127.0.0.1', port: await unusedPort() } as const;
  expect(await readAnswer(destination, payload, new FakeClock())).toBeUndefined();
});

it('an IPv6 address is asked over IPv6', async () => {
  const destination = { protocol: 'udp', host: '::1', port: await startUdp(3, '::1') } as const;
  expect(await readAnswer(destination, payload, systemClock)).toBe('xxx');
});

it('a stream socket file is asked, and a datagram socket file or a function is not', async () => {
  const server = await startUnixServer((socket) => socket.on('error', () => {}).end('who?'));
  const clock = new FakeClock();
  const answers = [
    await readAnswer({ protocol: 'unix', path: server.path }, payload, clock),
    await readAnswer({ protocol: 'unixgram', path: server.path }, payload, clock),
    await readAnswer({ protocol: 'lines', sink: () => {} }, payload, clock),
  ];
  expect([answers, clock.pendingMillis]).toEqual([['who?', undefined, undefined], []]);
});

it('a datagram that cannot be sent has no answer', async () => {
  const clock = new FakeClock();
  const destination = { protocol: 'udp', host: '127.0.0.1', port: await startUdp(3) } as const;
  const reading = readAnswer(destination, Buffer.alloc(70_000), clock);
  // The error comes in a later turn.
  await readAnswer(destination, payload, systemClock);
  clock.advance(1_000);
  expect(await reading).toBeUndefined();
});

it.each([
  ['localhost', true],
  ['127.0.0.1', false],
])('over tls a handshake begins, with the name of the host that has one: %s', async (host, isNamed) => {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clock = new FakeClock();
  const reading = readAnswer({ protocol: 'tls', host, port }, payload, clock);
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [hello] = (await once(socket, 'data')) as [Buffer];
  socket.on('error', () => {}).destroy();
  clock.advance(1_000);
  // A record of a handshake.
  expect([hello[0], hello.includes(host), await reading]).toEqual([0x16, isNamed, undefined]);
});
