// The channel and its sockets alone.
import dgram, { type Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { errorWithCode } from '../../../src/runtime/error-code.js';
import { UdpChannel } from '../../../src/transport/datagram/udp-channel.js';
import { openUdpSocket, sendDatagrams } from '../../../src/transport/datagram/udp-socket.js';
import type { TransportOptions } from '../../../src/transport/options.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { FakeClock } from '../../support/fake-clock.js';
import { startUdpServer, unusedUdpPort } from '../../support/receivers/udp-server.js';
import { transportOptions } from '../../support/transports.js';

function start(
  port: number,
  { host = '127.0.0.1', lookup }: { host?: string } & Partial<TransportOptions> = {},
) {
  const endpoint = { protocol: 'udp', host, port } as const;
  const clock = new FakeClock();
  const ledger = new Ledger();
  const refused: string[] = [];
  const options = transportOptions({
    ...{ destination: endpoint, clock, random: () => 1 },
    ...(lookup !== undefined && { lookup }),
  });
  const channel = new UdpChannel(endpoint, ledger, options, () => refused.push('refused'));
  onTestFinished(() => channel.close());
  const send = (...texts: string[]) => channel.send(texts.map((text) => Buffer.from(text)));
  return { channel, clock, ledger, refused, send };
}

describe('a channel of UDP', () => {
  test('does not wait for a receiver, and may learn of a refusal a tenth of a second later', () => {
    const { channel } = start(1);
    expect([channel.hasBackpressure, channel.refusalDelayMillis]).toEqual([false, 100]);
  });

  test('sends nothing before it is opened or after it is closed', async () => {
    const server = await startUdpServer();
    const { channel, send, ledger } = start(server.port);
    expect(await send('early')).toEqual(['ENOTCONN']);
    await channel.open();
    expect(await send('a', 'b')).toEqual([undefined, undefined]);
    channel.idle();
    expect(await send('c')).toEqual([undefined]);
    channel.close();
    expect(await send('late')).toEqual(['ENOTCONN']);
    expect([await server.drain(), ledger.connects]).toEqual([['a', 'b', 'c'], 1]);
  });

  test('keeps its socket for five minutes', async () => {
    const server = await startUdpServer();
    const { channel, clock, ledger } = start(server.port);
    const connects: number[] = [];
    for (const millis of [1_000_000, 299_999, 1]) {
      clock.advance(millis);
      await channel.open();
      connects.push(ledger.connects);
    }
    expect(connects).toEqual([1, 1, 2]);
  });

  test('keeps its socket and its address when a datagram is too large', async () => {
    const server = await startUdpServer();
    const { channel, send, ledger, refused } = start(server.port);
    await channel.open();
    const [code] = await channel.send([Buffer.alloc(70_000)]);
    await channel.open();
    expect([code, await send('a'), ledger.connects, ledger.udpRefused, refused]).toEqual([
      'EMSGSIZE',
      [undefined],
      1,
      0,
      [],
    ]);
  });

  test('counts a refusal, keeps its socket, and looks its name up again', async () => {
    const port = await unusedUdpPort();
    let lookups = 0;
    const { channel, send, ledger, refused } = start(port, {
      host: 'statsd.example',
      lookup: (_host, _options, callback) => {
        lookups += 1;
        callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    await channel.open();
    await channel.open();
    expect(lookups).toBe(1);
    await send('a');
    while (refused.length === 0) await new Promise(setImmediate);
    await channel.open();
    expect({ lookups, refused, udpRefused: ledger.udpRefused, connects: ledger.connects }).toEqual({
      lookups: 2,
      refused: ['refused'],
      udpRefused: 1,
      connects: 1,
    });
  });

  test('looks its name up again after half a minute', async () => {
    const server = await startUdpServer();
    let lookups = 0;
    const { channel, clock } = start(server.port, {
      host: 'statsd.example',
      lookup: (_host, _options, callback) => {
        lookups += 1;
        callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    const counts: number[] = [];
    for (const millis of [0, 29_999, 1, 29_999, 1]) {
      clock.advance(millis);
      await channel.open();
      counts.push(lookups);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  test('keeps its address for another half minute when the lookup fails', async () => {
    const server = await startUdpServer();
    let lookups = 0;
    const { channel, clock, ledger } = start(server.port, {
      host: 'statsd.example',
      lookup: (_host, _options, callback) => {
        lookups += 1;
        if (lookups === 2) callback(errorWithCode('EAI_AGAIN', 'no answer'), []);
        else callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    const counts: number[] = [];
    for (const millis of [0, 30_000, 29_999, 1]) {
      clock.advance(millis);
      await channel.open();
      counts.push(lookups);
    }
    expect([counts, ledger.connects]).toEqual([[1, 2, 2, 3], 1]);
  });

  test('waits a quarter of a second for a lookup at most, and then sends to the known address', async () => {
    const server = await startUdpServer();
    const answers: (() => void)[] = [];
    const { channel, clock, ledger } = start(server.port, {
      host: 'statsd.example',
      lookup: (_host, _options, callback) => {
        answers.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
        if (answers.length === 1) answers[0]?.();
      },
    });
    await channel.open();
    clock.advance(30_000);
    let isOpen = false;
    const opened = channel.open().then(() => {
      isOpen = true;
    });
    clock.advance(249);
    await new Promise(setImmediate);
    const before = { isOpen, holdsProcess: clock.holdsProcess, lookups: answers.length };
    clock.advance(1);
    await opened;
    // The lookup is still under way: there is no other, however long it takes.
    clock.advance(30_000);
    await channel.open();
    expect([before, answers.length, ledger.connects]).toEqual([
      { isOpen: false, holdsProcess: false, lookups: 2 },
      2,
      1,
    ]);
    answers[1]?.();
    await new Promise(setImmediate);
    clock.advance(30_000);
    const last = channel.open();
    answers[2]?.();
    await last;
    expect([answers.length, ledger.connects]).toEqual([3, 1]);
  });

  test('backs off from a quarter of a second to five after a refusal, and as usual after other errors', () => {
    const { channel } = start(1);
    expect([
      channel.backoffMillis(0, 'ECONNREFUSED'),
      channel.backoffMillis(1, 'ECONNREFUSED'),
      channel.backoffMillis(20, 'ECONNREFUSED'),
      channel.backoffMillis(0, 'ENETUNREACH'),
      channel.backoffMillis(20, 'ENETUNREACH'),
    ]).toEqual([250, 500, 5_000, 100, 10_000]);
  });
});

/** A socket that does as the test says. */
class FakeSocket {
  readonly address: string;
  /** Its error that no send reports, such as an ICMP answer. */
  readonly fail: (code: string) => void;
  /** The codes of the next sends; undefined once used up. */
  results: (string | undefined)[] = [];
  isClosed = false;

  constructor(address: string, onError: (code: string) => void) {
    this.address = address;
    this.fail = onError;
  }

  send(_bytes: Uint8Array, callback: (error: Error | null) => void): void {
    const code = this.results.shift();
    setImmediate(() => callback(code === undefined ? null : errorWithCode(code, 'not sent')));
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A channel to a name with the addresses 10.0.0.1 and 10.0.0.2. */
function startWithFakeSockets() {
  const endpoint = { protocol: 'udp', host: 'statsd.example', port: 8_125 } as const;
  const clock = new FakeClock();
  const ledger = new Ledger();
  const sockets: FakeSocket[] = [];
  const refused: string[] = [];
  const openErrors: string[] = [];
  const lookups = { count: 0, isAnswered: true };
  const options = transportOptions({
    ...{ destination: endpoint, clock, random: () => 1 },
    lookup: (_host, _options, callback) => {
      lookups.count += 1;
      const addresses = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, family: 4 }));
      if (lookups.isAnswered) callback(null, addresses);
    },
  });
  const channel = new UdpChannel(
    endpoint,
    ledger,
    options,
    () => refused.push('refused'),
    async ({ address }, _port, onError) => {
      const code = openErrors.shift();
      if (code !== undefined) throw errorWithCode(code, 'cannot open');
      const socket = new FakeSocket(address, onError);
      sockets.push(socket);
      return socket as unknown as Socket;
    },
  );
  return {
    ...{ channel, clock, ledger, sockets, refused, openErrors, lookups },
    send: (...texts: string[]) => channel.send(texts.map((text) => Buffer.from(text))),
    seen: () => ({
      sockets: sockets.map(({ address, isClosed }) => `${address} ${isClosed ? 'closed' : 'open'}`),
      lookups: lookups.count,
      connects: ledger.connects,
      refused: refused.length,
      udpRefused: ledger.udpRefused,
    }),
  };
}

describe('a channel of UDP whose socket fails', () => {
  test('closes it after an error that is no refusal, and opens one to the next address', async () => {
    const { channel, sockets, send, seen } = startWithFakeSockets();
    await channel.open();
    sockets[0]!.results = [undefined, 'ENETUNREACH', 'ENETUNREACH'];
    expect(await send('a', 'b', 'c')).toEqual([undefined, 'ENETUNREACH', 'ENETUNREACH']);
    expect(seen()).toEqual({
      ...{ sockets: ['10.0.0.1 closed'], lookups: 1, connects: 1 },
      ...{ refused: 0, udpRefused: 0 },
    });
    expect(await send('c')).toEqual(['ENOTCONN']);
    await channel.open();
    expect(await send('c')).toEqual([undefined]);
    expect(seen()).toEqual({
      ...{ sockets: ['10.0.0.1 closed', '10.0.0.2 open'], lookups: 2, connects: 2 },
      ...{ refused: 0, udpRefused: 0 },
    });
  });

  test('counts each refusal that a send reports, and keeps its socket until it opens one to the next address', async () => {
    const { channel, sockets, send, seen } = startWithFakeSockets();
    await channel.open();
    sockets[0]!.results = ['ECONNREFUSED', undefined, 'ECONNREFUSED'];
    expect(await send('a', 'b', 'c')).toEqual(['ECONNREFUSED', undefined, 'ECONNREFUSED']);
    expect([await send('a'), seen()]).toEqual([
      [undefined],
      { sockets: ['10.0.0.1 open'], lookups: 1, connects: 1, refused: 2, udpRefused: 2 },
    ]);
    await channel.open();
    expect(seen()).toEqual({
      ...{ sockets: ['10.0.0.1 closed', '10.0.0.2 open'], lookups: 2, connects: 2 },
      ...{ refused: 2, udpRefused: 2 },
    });
  });

  test('tries the next address after an error that no send reports, and counts none but refusals', async () => {
    const { channel, sockets, seen } = startWithFakeSockets();
    await channel.open();
    sockets[0]!.fail('ENETUNREACH');
    await channel.open();
    expect(seen()).toEqual({
      ...{ sockets: ['10.0.0.1 closed', '10.0.0.2 open'], lookups: 2, connects: 2 },
      ...{ refused: 0, udpRefused: 0 },
    });
  });

  test('ignores the errors of a socket that it has closed', async () => {
    const { channel, sockets, send, seen } = startWithFakeSockets();
    await channel.open();
    sockets[0]!.fail('ECONNREFUSED');
    await channel.open();
    sockets[0]!.fail('ECONNREFUSED');
    await channel.open();
    const expected = {
      ...{ sockets: ['10.0.0.1 closed', '10.0.0.2 open'], lookups: 2, connects: 2 },
      ...{ refused: 1, udpRefused: 1 },
    };
    expect(seen()).toEqual(expected);
    sockets[1]!.results = ['ECONNREFUSED'];
    const sent = send('a');
    channel.close();
    sockets[1]!.fail('ECONNREFUSED');
    expect([await sent, seen()]).toEqual([
      ['ECONNREFUSED'],
      { ...expected, sockets: ['10.0.0.1 closed', '10.0.0.2 closed'] },
    ]);
  });

  test('tries the next address when no socket can be opened', async () => {
    const { channel, openErrors, seen } = startWithFakeSockets();
    openErrors.push('EACCES');
    await expect(channel.open()).rejects.toMatchObject({ code: 'EACCES' });
    expect(seen()).toEqual({ sockets: [], lookups: 1, connects: 0, refused: 0, udpRefused: 0 });
    await channel.open();
    expect(seen()).toEqual({
      sockets: ['10.0.0.2 open'],
      lookups: 2,
      connects: 1,
      refused: 0,
      udpRefused: 0,
    });
  });

  test('keeps its socket when it is refused during a slow lookup', async () => {
    const { channel, clock, sockets, lookups, seen } = startWithFakeSockets();
    await channel.open();
    clock.advance(30_000);
    lookups.isAnswered = false;
    const opened = channel.open();
    sockets[0]!.fail('ECONNREFUSED');
    clock.advance(250);
    await opened;
    expect(seen()).toEqual({
      sockets: ['10.0.0.1 open'],
      lookups: 2,
      connects: 1,
      refused: 1,
      udpRefused: 1,
    });
  });
});

describe('sending datagrams', () => {
  /** Each send calls back with, or throws, the next result. */
  function socketOf(...results: (Error | null | undefined | { readonly thrown: Error })[]): Socket {
    return {
      send: (_bytes: Uint8Array, callback: (error?: Error | null) => void) => {
        const result = results.shift();
        if (typeof result === 'object' && result !== null && 'thrown' in result) throw result.thrown;
        setImmediate(() => callback(result));
      },
    } as unknown as Socket;
  }

  test('has a code for each that the operating system did not take, in their order', async () => {
    const socket = socketOf(
      null,
      errorWithCode('EMSGSIZE', 'too large'),
      undefined,
      { thrown: errorWithCode('ERR_SOCKET_DGRAM_NOT_RUNNING', 'closed') },
      null,
    );
    expect(await sendDatagrams(socket, Array(5).fill(Buffer.from('a')))).toEqual([
      undefined,
      'EMSGSIZE',
      undefined,
      'ERR_SOCKET_DGRAM_NOT_RUNNING',
      undefined,
    ]);
  });
});

describe('a socket of UDP', () => {
  test.each([
    ['127.0.0.1', 4],
    ['::1', 6],
  ] as const)('is connected to %s, and does not keep the process alive', async (address, family) => {
    const socket = await openUdpSocket({ address, family }, 8_125, () => {});
    onTestFinished(() => void socket.close());
    expect(socket.remoteAddress()).toMatchObject({ address, port: 8_125, family: `IPv${family}` });
    expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('UDP'))).toEqual([]);
  });

  test('is closed once when it cannot be connected, however often that is reported', async () => {
    let closed = 0;
    const socket = Object.assign(new EventEmitter(), {
      unref: () => {},
      connect: (_port: number, _address: string, callback: (error: Error) => void) => {
        socket.emit('error', errorWithCode('EACCES', 'the first'));
        callback(errorWithCode('EINVAL', 'the second'));
      },
      close: () => {
        closed += 1;
      },
    });
    vi.spyOn(dgram, 'createSocket').mockReturnValue(socket as unknown as Socket);
    onTestFinished(() => void vi.restoreAllMocks());
    const opened = openUdpSocket({ address: '127.0.0.1', family: 4 }, 8_125, () => {});
    await expect(opened).rejects.toMatchObject({ code: 'EACCES' });
    expect(closed).toBe(1);
  });

  test('reports the refusals of what was sent', async () => {
    const codes: string[] = [];
    const address = { address: '127.0.0.1', family: 4 } as const;
    const socket = await openUdpSocket(address, await unusedUdpPort(), (code) => codes.push(code));
    onTestFinished(() => void socket.close());
    expect(await sendDatagrams(socket, [Buffer.from('a')])).toEqual([undefined]);
    while (codes.length === 0) await new Promise(setImmediate);
    expect(codes).toEqual(['ECONNREFUSED']);
  });
});
