// What `doctor` reads of a service that answers.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readAnswer } from '../../../src/cli/doctor/read-answer.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { FakeClock } from '../../support/fake-clock.js';

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
async function startUdp(bytes: number): Promise<number> {
  const server = createSocket('udp4', (_, { port }) => {
    if (bytes > 0) server.send('x'.repeat(bytes), port, '127.0.0.1');
  });
  onTestFinished(() => void server.close());
  server.bind(0, '127.0.0.1');
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
  expect(clock.pendingMillis).toEqual([1_000]);
  clock.advance(1_000);
  expect(await reading).toBeUndefined();
});
