import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/transport/endpoint/endpoint.js';
import { FakeClock } from '../../support/fake-clock.js';
import { counterLines, linesIn } from '../../support/lines.js';
import { lookupOf } from '../../support/lookups.js';
import { startUdpServer, unusedUdpPort } from '../../support/receivers/udp-server.js';
import { startTransport, type TestedTransport } from '../../support/transports.js';

const udp = (port: number, host = '127.0.0.1'): Endpoint => ({ protocol: 'udp', host, port });
const inDatagrams = { maxPayloadBytes: 1_432 };

describe('a listening server', () => {
  test('gets every line once and in order, in datagrams of whole lines', async () => {
    const server = await startUdpServer();
    const transport = startTransport({ destination: udp(server.port) });
    const lines = counterLines(5_000);
    transport.sendLines(lines, inDatagrams);
    expect(await transport.flush(10_000)).toBe(true);
    const datagrams = await server.drain();
    expect(linesIn(datagrams.join(''))).toEqual(lines);
    expect(datagrams.every((datagram) => datagram.length <= 1_432 && datagram.endsWith('\n'))).toBe(true);
    expect(transport.stats()).toMatchObject({
      state: 'idle',
      writtenLines: 5_000,
      writtenBytes: datagrams.join('').length,
      confirmedLines: 0,
      connects: 1,
      udpRefused: 0,
      droppedLines: {},
    });
    expect(transport.events).toEqual([]);
  });

  test('is looked up once by name', async () => {
    const server = await startUdpServer();
    const { lookup, calls } = lookupOf('127.0.0.1');
    const transport = startTransport({ destination: udp(server.port, 'statsd.example'), lookup });
    for (let index = 0; index < 3; index += 1) {
      transport.sendLines([`a${index}:1|c`], inDatagrams);
      await transport.flush(5_000);
    }
    expect({ received: await server.drain(), calls }).toEqual({
      received: ['a0:1|c\n', 'a1:1|c\n', 'a2:1|c\n'],
      calls: ['statsd.example'],
    });
  });

  test('is not looked up when it is an address', async () => {
    const server = await startUdpServer();
    const { lookup, calls } = lookupOf(new Error('no lookup is needed'));
    const transport = startTransport({ destination: udp(server.port), lookup });
    transport.sendLines(['a:1|c'], inDatagrams);
    await transport.flush(5_000);
    expect({ received: await server.drain(), calls }).toEqual({ received: ['a:1|c\n'], calls: [] });
  });

  test('is reached over IPv4 first, where StatsD servers listen by default', async () => {
    const server = await startUdpServer();
    const transport = startTransport({
      destination: udp(server.port, 'statsd.example'),
      lookup: (_host, _options, callback) =>
        callback(null, [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    transport.sendLines(['a:1|c'], inDatagrams);
    await transport.flush(5_000);
    expect(await server.drain()).toEqual(['a:1|c\n']);
  });
});

describe('an absent server', () => {
  test('is reported once as an outage, and gets the queue when it is back', async () => {
    const port = await unusedUdpPort();
    const transport = startTransport({ destination: udp(port) });
    for (const line of counterLines(50)) transport.sendLines([line], inDatagrams);
    // The first one shows that no process listens, and each probe is lost like it.
    const { writtenLines } = await transport.until(({ udpRefused }) => udpRefused >= 3);
    const server = await startUdpServer(port);
    expect(await transport.flush(10_000)).toBe(true);
    await transport.until(() => transport.events.length === 2);
    expect(linesIn((await server.drain()).join(''))).toEqual(counterLines(50).slice(writtenLines));
    expect(transport.events).toEqual([
      { kind: 'outage', cause: 'ECONNREFUSED' },
      { kind: 'recovered', outageMillis: expect.any(Number) },
    ]);
  });

  test('does not crash the process, nor delay a close beyond its deadline', async () => {
    const transport = startTransport({ destination: udp(await unusedUdpPort()) });
    transport.sendLines(counterLines(100_000), inDatagrams);
    await transport.close(300);
    const { state, queuedLines, inFlightLines } = transport.stats();
    expect({ state, queuedLines, inFlightLines }).toEqual({
      state: 'closed',
      queuedLines: 0,
      inFlightLines: 0,
    });
  });
});

test('a datagram larger than the network permits is dropped and counted; the others are sent', async () => {
  const server = await startUdpServer();
  const transport = startTransport({ destination: udp(server.port) });
  // 65,507 bytes are the most that IPv4 carries.
  transport.sendLines([`${'x'.repeat(65_510)}:1|c`]);
  transport.sendLines(['a:1|c']);
  expect(await transport.flush(5_000)).toBe(true);
  const { droppedLines, udpTooLarge } = transport.stats();
  expect({ received: await server.drain(), droppedLines, udpTooLarge }).toEqual({
    received: ['a:1|c\n'],
    droppedLines: { too_large: 1 },
    udpTooLarge: 1,
  });
});

describe('an address that cannot be sent to', () => {
  test.each([
    ['a link-local address without its zone', 'fe80::1', 'EINVAL'],
    ['a link-local address with the zone of no interface', 'fe80::1%none', 'EINVAL'],
    ['a broadcast address', '255.255.255.255', 'EACCES'],
  ])('%s is an outage with the code of the error, and keeps lines', async (_what, host, code) => {
    const transport = startTransport({ destination: udp(8125, host), clock: new FakeClock() });
    transport.sendLines(['a:1|c'], inDatagrams);
    const { connects, connectFailures, inFlightLines, udpRefused } = await transport.until(
      ({ state }) => state === 'backing-off',
    );
    expect({ connects, connectFailures, inFlightLines, udpRefused, events: transport.events }).toEqual({
      connects: 0,
      connectFailures: { [code]: 1 },
      inFlightLines: 1,
      udpRefused: 0,
      events: [{ kind: 'outage', cause: code }],
    });
  });
});

test('each refusal is counted once: of a datagram that counted as written, and of each probe', async () => {
  const clock = new FakeClock();
  const transport = startTransport({ destination: udp(await unusedUdpPort()), clock });
  transport.sendLines(['a:1|c'], inDatagrams);
  await transport.until(({ udpRefused, state }) => udpRefused === 1 && state === 'idle');
  for (const refused of [2, 3]) {
    transport.sendLines([`b${refused}:1|c`], inDatagrams);
    await transport.until(({ state }) => state === 'backing-off');
    clock.advance(5_000);
    await transport.until(({ udpRefused }) => udpRefused === refused);
    clock.advance(100);
    await transport.until(({ state }) => state === 'idle');
  }
  const { udpRefused, writtenLines, connectFailures } = transport.stats();
  expect({ udpRefused, writtenLines, connectFailures }).toEqual({
    udpRefused: 3,
    writtenLines: 3,
    connectFailures: {},
  });
});

test('a datagram refused in the call was not sent, and is sent again', async () => {
  const port = await unusedUdpPort();
  const transport = startTransport({ destination: udp(port) });
  // In the first burst, of each two datagrams one takes the refusal of the other.
  transport.sendLines(counterLines(64, { first: 100 }), { maxPayloadBytes: 12 });
  const { writtenLines } = await transport.until(({ state }) => state === 'backing-off');
  const server = await startUdpServer(port);
  await transport.flush(5_000);
  const got = linesIn((await server.drain()).join(''));
  expect(writtenLines).toBeLessThanOrEqual(17);
  expect(got.length).toBe(64 - writtenLines);
  expect(got).toEqual([...got].sort());
});

test('the socket is replaced every five minutes, so that NAT chooses a backend again', async () => {
  const server = await startUdpServer();
  const clock = new FakeClock();
  const transport = startTransport({ destination: udp(server.port), clock });
  const connects: number[] = [];
  for (const [index, line] of ['a:1|c', 'b:1|c', 'c:1|c'].entries()) {
    transport.sendLines([line], inDatagrams);
    const stats = await transport.until(({ writtenLines }) => writtenLines === index + 1);
    connects.push(stats.connects);
    clock.advance(299_000);
  }
  expect({ received: await server.drain(), connects }).toEqual({
    received: ['a:1|c\n', 'b:1|c\n', 'c:1|c\n'],
    connects: [1, 1, 2],
  });
});

describe('pacing', () => {
  test('sends a large export in bursts, not all at once', async () => {
    const server = await startUdpServer();
    const clock = new FakeClock();
    const transport: TestedTransport = startTransport({ destination: udp(server.port), clock });
    // A datagram for each.
    transport.sendLines(counterLines(128, { first: 100 }), { maxPayloadBytes: 12 });
    const { writtenLines } = await transport.until(({ writtenLines: lines }) => lines > 0);
    expect(writtenLines).toBe(32);
    expect((await server.drain()).length).toBe(32);
    await transport.until(({ writtenLines: lines }) => {
      clock.advance(1);
      return lines === 128;
    });
    expect((await server.drain()).length).toBe(128);
  });
});
