// Names of UDP servers: lookups, several addresses, and addresses that change.
import type { LookupFunction } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/transport/endpoint/endpoint.js';
import { FakeClock } from '../../support/fake-clock.js';
import { counterLines, linesIn } from '../../support/lines.js';
import { lookupOf } from '../../support/lookups.js';
import { startUdpServer } from '../../support/receivers/udp-server.js';
import { startTransport } from '../../support/transports.js';

const udp = (port: number, host = '127.0.0.1'): Endpoint => ({ protocol: 'udp', host, port });
const inDatagrams = { maxPayloadBytes: 1_432 };

describe('a name', () => {
  test('that moves is followed after half a minute, without loss', async () => {
    const before = await startUdpServer();
    const after = await startUdpServer(before.port, { address: '127.0.0.2' });
    const { lookup, calls } = lookupOf('127.0.0.1', '127.0.0.2');
    const clock = new FakeClock();
    const transport = startTransport({ destination: udp(before.port, 'statsd.example'), lookup, clock });
    const sendAndWait = async (line: string, total: number): Promise<void> => {
      transport.sendLines([line], inDatagrams);
      await transport.until(({ writtenLines, state }) => {
        clock.advance(1);
        return writtenLines === total && state === 'idle';
      });
    };
    await sendAndWait('a:1|c', 1);
    clock.advance(29_000);
    await sendAndWait('b:1|c', 2);
    clock.advance(1_000);
    await sendAndWait('c:1|c', 3);
    expect([await before.drain(), await after.drain(), calls.length, transport.stats().dnsChanges]).toEqual([
      ['a:1|c\n', 'b:1|c\n'],
      ['c:1|c\n'],
      2,
      1,
    ]);
  });

  test('that cannot be resolved again keeps its address', async () => {
    const server = await startUdpServer();
    const { lookup, calls } = lookupOf('127.0.0.1', new Error('SERVFAIL'));
    const clock = new FakeClock();
    const transport = startTransport({ destination: udp(server.port, 'statsd.example'), lookup, clock });
    for (const [index, line] of ['a:1|c', 'b:1|c'].entries()) {
      transport.sendLines([line], inDatagrams);
      await transport.until(({ writtenLines, state }) => {
        clock.advance(1);
        return writtenLines === index + 1 && state === 'idle';
      });
      clock.advance(30_000);
    }
    const { dnsFailures, dnsChanges } = transport.stats();
    expect({ received: await server.drain(), callCount: calls.length, dnsFailures, dnsChanges }).toEqual({
      received: ['a:1|c\n', 'b:1|c\n'],
      callCount: 2,
      dnsFailures: 1,
      dnsChanges: 0,
    });
    expect(transport.events).toEqual([]);
  });

  test('whose second lookup hangs is still sent to', async () => {
    const server = await startUdpServer();
    let isHanging = false;
    const clock = new FakeClock();
    const transport = startTransport({
      destination: udp(server.port, 'statsd.example'),
      clock,
      lookup: (_host, _options, callback) => {
        if (!isHanging) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    for (const [index, line] of ['a:1|c', 'b:1|c', 'c:1|c'].entries()) {
      transport.sendLines([line], inDatagrams);
      await transport.until(({ writtenLines }) => {
        clock.advance(1);
        return writtenLines === index + 1;
      });
      isHanging = true;
      clock.advance(40_000);
    }
    // Many datagrams wait for it but once, a quarter of a second.
    const passTime = async (millis: number): Promise<void> => {
      clock.advance(millis);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await passTime(5_000);
    await passTime(30_000);
    const startedAt = clock.now();
    transport.sendLines(counterLines(128, { first: 100 }), { maxPayloadBytes: 12 });
    await transport.until(({ writtenLines }) => {
      clock.advance(1);
      return writtenLines === 131;
    });
    expect(clock.now() - startedAt).toBeLessThan(250 + 250);
    expect(linesIn((await server.drain()).join(''))).toEqual([
      'a:1|c',
      'b:1|c',
      'c:1|c',
      ...counterLines(128, { first: 100 }),
    ]);
    expect(transport.events).toEqual([]);
  });

  test('with several addresses is tried at the next when one refuses', async () => {
    const server = await startUdpServer(0, { address: '127.0.0.2' });
    const transport = startTransport({
      destination: udp(server.port, 'statsd.example'),
      lookup: (_host, _options, callback) =>
        callback(
          null,
          ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
        ),
    });
    for (const line of counterLines(10)) transport.sendLines([line], inDatagrams);
    expect(await transport.flush(10_000)).toBe(true);
    const got = linesIn((await server.drain()).join(''));
    expect(got).toEqual(counterLines(10).slice(10 - got.length));
    expect(got.length).toBeGreaterThanOrEqual(8);
  });

  const unresolved: [string, LookupFunction][] = [
    ['that is unknown', (_host, _options, callback) => callback(new Error('ENOTFOUND'), [])],
    ['whose lookup answers nothing', (_host, _options, callback) => callback(null, [])],
    ['whose lookup answers nonsense', (_host, _options, callback) => callback(null, 'nonsense', 4)],
    [
      'whose lookup throws',
      () => {
        throw new TypeError('no such service');
      },
    ],
  ];
  test.each(unresolved)('%s keeps lines in the queue, and is looked up again', async (_what, bad) => {
    const server = await startUdpServer();
    let isKnown = false;
    const transport = startTransport({
      destination: udp(server.port, 'statsd.example'),
      connectTimeoutMillis: 20,
      lookup: (host, options, callback) => {
        if (isKnown) callback(null, [{ address: '127.0.0.1', family: 4 }]);
        else bad(host, options, callback);
      },
    });
    transport.sendLines(counterLines(100), inDatagrams);
    const { queuedLines, inFlightLines } = await transport.until(({ dnsFailures }) => dnsFailures >= 2);
    isKnown = true;
    expect([queuedLines + inFlightLines, await transport.flush(10_000)]).toEqual([100, true]);
    expect(linesIn((await server.drain()).join(''))).toEqual(counterLines(100));
    await transport.until(() => transport.events.length === 2);
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });
});

test('close() during a lookup leaves no socket open', async () => {
  const server = await startUdpServer();
  let answer = (): void => {};
  const transport = startTransport({
    destination: udp(server.port, 'statsd.example'),
    lookup: (_host, _options, callback) => {
      answer = () => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    },
  });
  transport.sendLines(counterLines(3), inDatagrams);
  await transport.close(10);
  answer();
  await new Promise((resolve) => setImmediate(resolve));
  const { connects, droppedLines } = transport.stats();
  expect({ received: await server.drain(), connects, droppedLines }).toEqual({
    received: [],
    connects: 0,
    droppedLines: { shutdown: 3 },
  });
});
