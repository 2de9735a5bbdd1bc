import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  loadUnixDgram,
  MissingPackageError,
  type UnixDatagramModule,
} from '../../../src/transport/datagram/load-unix-dgram.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeUnixDgram } from '../../support/fake-unix-dgram.js';
import { counterLines, linesIn, longLines } from '../../support/lines.js';
import { startTransport, type TestedTransport, type TransportSettings } from '../../support/transports.js';

const path = '/run/statsd.sock';
const inDatagrams = { maxPayloadBytes: 8_192 };

function start(
  loadUnixDgramModule: () => Promise<UnixDatagramModule>,
  settings: Partial<TransportSettings> = {},
): TestedTransport {
  return startTransport({
    destination: { protocol: 'unixgram', path },
    loadUnixDgram: loadUnixDgramModule,
    ...settings,
  });
}

describe('datagrams to a socket file', () => {
  test('wait for room in the receiver; none is lost', async () => {
    const unixDgram = new FakeUnixDgram();
    const receiver = unixDgram.bind(path);
    const transport = start(unixDgram.load);
    transport.sendLines(longLines(5_000), inDatagrams);
    expect(await transport.flush(10_000)).toBe(true);
    await transport.until(() => linesIn(receiver.datagrams.join('')).length === 5_000);
    expect(linesIn(receiver.datagrams.join(''))).toEqual(longLines(5_000));
    expect(transport.events).toEqual([]);
  });

  test('continue as soon as the receiver reads again', async () => {
    const unixDgram = new FakeUnixDgram();
    const receiver = unixDgram.bind(path);
    receiver.pause();
    const clock = new FakeClock();
    const transport = start(unixDgram.load, { clock });
    transport.sendLines(counterLines(12), { maxPayloadBytes: 12 });
    await transport.until(() => clock.pendingMillis.length > 0);
    receiver.resume();
    await transport.until(({ writtenLines }) => writtenLines === 12);
    expect(clock.now()).toBe(0);
  });

  test('are kept while the receiver reads nothing for longer than the stall timeout', async () => {
    const unixDgram = new FakeUnixDgram();
    const receiver = unixDgram.bind(path);
    receiver.pause();
    const transport = start(unixDgram.load, { stallTimeoutMillis: 30 });
    transport.sendLines(counterLines(30), { maxPayloadBytes: 12 });
    await transport.until(() => transport.events.length === 1);
    receiver.resume();
    expect(await transport.flush(10_000)).toBe(true);
    await transport.until(() => receiver.datagrams.length === 30);
    expect([linesIn(receiver.datagrams.join('')), transport.events[0]]).toEqual([
      counterLines(30),
      { kind: 'outage', cause: 'stall' },
    ]);
  });

  test('stop at the first that a stalled receiver does not take', async () => {
    const unixDgram = new FakeUnixDgram();
    unixDgram.bind(path).pause();
    const clock = new FakeClock();
    const transport = start(unixDgram.load, { clock });
    transport.sendLines(counterLines(30), { maxPayloadBytes: 12 });
    await transport.until(() => {
      clock.advance(1_000);
      return transport.events.length > 0;
    });
    expect(clock.now()).toBeLessThan(60_000);
  });

  test('reach a restarted receiver over a new socket', async () => {
    const unixDgram = new FakeUnixDgram();
    const first = unixDgram.bind(path);
    const transport = start(unixDgram.load);
    transport.sendLines(['a:1|c'], inDatagrams);
    await transport.flush(5_000);
    first.isOpen = false;
    const second = unixDgram.bind(path);
    transport.sendLines(['b:1|c'], inDatagrams);
    await transport.flush(5_000);
    await transport.until(() => second.datagrams.length === 1);
    expect([first.datagrams, second.datagrams]).toEqual([['a:1|c\n'], ['b:1|c\n']]);
  });

  test.each(['ENOENT', 'ECONNREFUSED'])('are kept while the receiver is away: %s', async (cause) => {
    const unixDgram = new FakeUnixDgram();
    if (cause === 'ECONNREFUSED') unixDgram.bind(path).isOpen = false;
    const transport = start(unixDgram.load);
    transport.sendLines(counterLines(10), inDatagrams);
    await transport.until(() => unixDgram.sockets.length >= 2);
    const receiver = unixDgram.bind(path);
    expect(await transport.flush(5_000)).toBe(true);
    await transport.until(() => transport.events.length === 2 && receiver.datagrams.length > 0);
    expect({ lines: linesIn(receiver.datagrams.join('')), events: transport.events }).toEqual({
      lines: counterLines(10),
      events: [
        { kind: 'outage', cause },
        { kind: 'recovered', outageMillis: expect.any(Number) },
      ],
    });
    expect(unixDgram.sockets.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test('continue over a new socket when the receiver is replaced in the middle', async () => {
    const unixDgram = new FakeUnixDgram();
    const first = unixDgram.bind(path);
    first.pause();
    const transport = start(unixDgram.load);
    transport.sendLines(counterLines(30), { maxPayloadBytes: 12 });
    await transport.until(({ connects }) => connects === 1);
    first.resume();
    first.isOpen = false;
    const second = unixDgram.bind(path);
    expect(await transport.flush(5_000)).toBe(true);
    await transport.until(() => first.datagrams.length + second.datagrams.length === 30);
    expect({
      lines: linesIn([...first.datagrams, ...second.datagrams].join('')),
      connects: transport.stats().connects,
    }).toEqual({ lines: counterLines(30), connects: 2 });
  });

  test('keep no socket open, which would hold the process, while there is nothing to send', async () => {
    const unixDgram = new FakeUnixDgram();
    unixDgram.bind(path);
    const transport = start(unixDgram.load);
    for (const line of ['a:1|c', 'b:1|c']) {
      transport.sendLines([line], inDatagrams);
      await transport.flush(5_000);
      await transport.until(({ state }) => state === 'idle');
    }
    expect(unixDgram.sockets.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  test('that are too large are dropped and counted', async () => {
    const unixDgram = new FakeUnixDgram();
    const receiver = unixDgram.bind(path);
    receiver.maxBytes = 10;
    const transport = start(unixDgram.load);
    transport.sendLines(['much.too.long:1|c', 'a:1|c'], { maxPayloadBytes: 18 });
    expect(await transport.flush(5_000)).toBe(true);
    await transport.until(() => receiver.datagrams.length === 1);
    const { droppedLines, udpTooLarge } = transport.stats();
    expect({ datagrams: receiver.datagrams, droppedLines, udpTooLarge }).toEqual({
      datagrams: ['a:1|c\n'],
      droppedLines: { too_large: 1 },
      udpTooLarge: 1,
    });
  });

  test('leave no socket open and nothing in flight after close()', async () => {
    const unixDgram = new FakeUnixDgram();
    unixDgram.bind(path).pause();
    const transport = start(unixDgram.load);
    transport.sendLines(counterLines(30), { maxPayloadBytes: 12 });
    await transport.close(20);
    expect(unixDgram.sockets.map(({ isClosed }) => isClosed)).toEqual([true]);
    expect(transport.stats()).toMatchObject({ writtenLines: 10, droppedLines: { shutdown: 20 } });
  });
});

describe('the package unix-dgram', () => {
  test('is imported by name when it is needed, and its absence is reported', async () => {
    const transport = startTransport({ destination: { protocol: 'unixgram', path } });
    expect(transport.stats().state).toBe('idle');
    transport.sendLines(['a:1|c'], inDatagrams);
    await transport.until(() => transport.events.length > 0);
    expect({ events: transport.events, inFlightLines: transport.stats().inFlightLines }).toEqual({
      events: [{ kind: 'outage', cause: 'MISSING_UNIX_DGRAM' }],
      inFlightLines: 1,
    });
  });

  test('is used in the form of CommonJS, and as a module', async () => {
    const contents = { createSocket: () => new EventEmitter() };
    const imported: string[] = [];
    const importing = (found: object) => (name: string) => {
      imported.push(name);
      return Promise.resolve(found);
    };
    expect([
      await loadUnixDgram(importing({ default: contents })),
      await loadUnixDgram(importing(contents)),
    ]).toEqual([contents, contents]);
    expect(imported).toEqual(['unix-dgram', 'unix-dgram']);
  });

  test('causes a clear error when it is not installed', async () => {
    const error = await loadUnixDgram().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MissingPackageError);
    expect(String(error)).toBe(
      'MissingPackageError: unixgram needs the package unix-dgram: npm install unix-dgram',
    );
    expect(String((error as Error).cause)).toMatch(/['"]unix-dgram['"]/);
  });
});
