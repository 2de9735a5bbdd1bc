// The channel alone, with sockets that do as the test says.
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { errorCode } from '../../../src/runtime/error-code.js';
import type { UnixDatagramSocket } from '../../../src/transport/datagram/load-unix-dgram.js';
import { UnixDatagramChannel } from '../../../src/transport/datagram/unix-datagram-channel.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { FakeClock } from '../../support/fake-clock.js';
import { transportOptions } from '../../support/transports.js';

const endpoint = { protocol: 'unixgram', path: '/run/statsd.sock' } as const;
const CONGESTION = Object.assign(new Error('congestion'), { code: 1 });
const systemError = (name: 'ENOENT' | 'EMSGSIZE' | 'ECONNREFUSED'): Error =>
  Object.assign(new Error(name), { code: -constants.errno[name] });

class FakeSocket extends EventEmitter implements UnixDatagramSocket {
  connectError: Error | undefined;
  /** What the next sends call back with; nothing once used up. */
  readonly results: (Error | undefined)[] = [];
  readonly log: string[] = [];

  connect(path: string): void {
    this.log.push(`connect ${path}`);
    if (this.connectError !== undefined) this.emit('error', this.connectError);
  }

  send(payload: Uint8Array, callback: (error?: Error) => void): void {
    this.log.push(`send ${Buffer.from(payload)}`);
    callback(this.results.shift());
  }

  close(): void {
    this.log.push('close');
  }
}

function start() {
  const clock = new FakeClock();
  const ledger = new Ledger();
  const sockets: FakeSocket[] = [];
  const next = { socket: new FakeSocket() };
  let loaded = (): void => {};
  const options = transportOptions({ destination: endpoint, clock, stallTimeoutMillis: 3, random: () => 1 });
  const channel = new UnixDatagramChannel(endpoint, ledger, options, async () => {
    await new Promise<void>((resolve) => {
      loaded = resolve;
    });
    return {
      createSocket: (type) => {
        expect(type).toBe('unix_dgram');
        sockets.push(next.socket);
        return next.socket;
      },
    };
  });
  const open = async (): Promise<void> => {
    const opened = channel.open();
    loaded();
    await opened;
  };
  const send = (...texts: string[]) => channel.send(texts.map((text) => Buffer.from(text)));
  return {
    clock,
    ledger,
    sockets,
    socket: next.socket,
    next,
    channel,
    open,
    send,
    finishLoading: () => loaded(),
  };
}

describe('a channel of datagrams to a socket file', () => {
  test('waits for room itself, and learns at once that no process listens', () => {
    const { channel } = start();
    expect([channel.hasBackpressure, channel.refusalDelayMillis]).toEqual([true, 0]);
  });

  test('opens one socket, however often it is opened', async () => {
    const { channel, open, sockets, socket, ledger } = start();
    await open();
    await channel.open();
    expect([sockets.length, socket.log, ledger.connects]).toEqual([1, ['connect /run/statsd.sock'], 1]);
  });

  test('opens none when it is closed, also while the package is loaded', async () => {
    const closed = start();
    closed.channel.close();
    closed.channel.idle();
    await closed.channel.open();
    const closing = start();
    const opened = closing.channel.open();
    closing.channel.close();
    closing.finishLoading();
    await opened;
    expect([closed.sockets, closing.sockets, closing.ledger.connects]).toEqual([[], [], 0]);
  });

  test.each([
    ['a system error', systemError('ENOENT'), 'ENOENT'],
    ['an error with a code of its own', Object.assign(new Error('no'), { code: 'EPERM' }), 'EPERM'],
    ['an error with a number that is no system error', Object.assign(new Error('no'), { code: 7 }), 'Error'],
    ['an error with the number 0', Object.assign(new Error('no'), { code: 0 }), 'Error'],
    ['an error without a code', new TypeError('no'), 'TypeError'],
  ])('rejects with the code of %s, and closes that socket', async (_what, error, code) => {
    const { open, socket, ledger, send } = start();
    socket.connectError = error;
    const failure: unknown = await open().catch((reason: unknown) => reason);
    expect([errorCode(failure), (failure as Error).message]).toEqual([
      code,
      'cannot connect to /run/statsd.sock',
    ]);
    expect([socket.log, ledger.connects, await send('a')]).toEqual([
      ['connect /run/statsd.sock', 'close'],
      0,
      ['ENOTCONN'],
    ]);
    // A later error must not crash the process.
    socket.emit('error', error);
  });

  test('sends one after the other, and nothing while it is not open', async () => {
    const { open, socket, send, channel } = start();
    expect(await send('early')).toEqual(['ENOTCONN']);
    await open();
    expect(await send('a', 'b')).toEqual([undefined, undefined]);
    channel.close();
    expect(await send('late', 'later')).toEqual(['ENOTCONN']);
    expect(socket.log).toEqual(['connect /run/statsd.sock', 'send a', 'send b', 'close']);
  });

  test('stops at an error, and closes its socket, which may lead to a receiver that is gone', async () => {
    const { open, next, send, sockets, ledger } = start();
    await open();
    next.socket.results.push(undefined, systemError('ECONNREFUSED'));
    expect(await send('a', 'b', 'c')).toEqual([undefined, 'ECONNREFUSED']);
    expect(next.socket.log.slice(1)).toEqual(['send a', 'send b', 'close']);
    next.socket = new FakeSocket();
    await open();
    expect([await send('b'), sockets.length, ledger.connects]).toEqual([[undefined], 2, 2]);
  });

  test('keeps its socket when a datagram is too large', async () => {
    const { open, socket, send } = start();
    await open();
    socket.results.push(systemError('EMSGSIZE'));
    expect([await send('a', 'b'), await send('c')]).toEqual([['EMSGSIZE'], [undefined]]);
    expect(socket.log.slice(1)).toEqual(['send a', 'send c']);
  });

  test.each([
    ['an error', systemError('ENOENT'), 'ENOENT'],
    ['no error', null, 'unknown'],
  ])('takes what a socket throws for the error of the datagram: %s', async (_what, thrown, code) => {
    const { open, socket, send } = start();
    await open();
    socket.send = () => {
      throw thrown;
    };
    socket.close = () => {
      throw new Error('closed already');
    };
    expect(await send('a')).toEqual([code]);
  });

  test('tries again each millisecond while the receiver has no room, until the stall timeout', async () => {
    const { open, clock, socket, send } = start();
    await open();
    socket.results.push(...Array<Error>(10).fill(CONGESTION));
    const sent = send('a', 'b');
    for (let millis = 0; millis < 3; millis += 1) {
      await new Promise(setImmediate);
      expect(clock.pendingMillis).toEqual([1]);
      clock.advance(1);
    }
    expect([await sent, clock.pendingMillis]).toEqual([['stall'], []]);
    expect(socket.log.slice(1)).toEqual(Array(4).fill('send a'));
  });

  test('tries again at once when the receiver has room', async () => {
    const { open, clock, socket, send } = start();
    await open();
    socket.emit('writable');
    socket.results.push(CONGESTION);
    const sent = send('a', 'b');
    await new Promise(setImmediate);
    socket.emit('writable');
    expect([await sent, clock.now(), clock.pendingMillis]).toEqual([[undefined, undefined], 0, []]);
  });

  test('ends its wait for room when it is closed', async () => {
    const { open, clock, socket, send, channel } = start();
    await open();
    socket.results.push(CONGESTION);
    const sent = send('a');
    await new Promise(setImmediate);
    channel.close();
    expect([await sent, clock.pendingMillis, socket.log.at(-1)]).toEqual([['ENOTCONN'], [], 'close']);
    channel.close();
    expect(socket.log.filter((entry) => entry === 'close').length).toBe(1);
  });

  test('does not wait for room when it is closed while it sends', async () => {
    const { open, clock, socket, send, channel } = start();
    await open();
    socket.results.push(CONGESTION);
    const sent = send('a');
    channel.close();
    await new Promise(setImmediate);
    expect(clock.pendingMillis).toEqual([]);
    expect(await sent).toEqual(['ENOTCONN']);
  });

  test('closes its socket while there is nothing to send, and opens another later', async () => {
    const { open, socket, next, sockets, channel } = start();
    channel.idle();
    await open();
    channel.idle();
    channel.idle();
    expect(socket.log).toEqual(['connect /run/statsd.sock', 'close']);
    next.socket = new FakeSocket();
    await open();
    expect(sockets.length).toBe(2);
  });

  test('backs off for a second at most while no process listens, and longer after other errors', () => {
    const { channel } = start();
    expect([
      channel.backoffMillis(1, 'ENOENT'),
      channel.backoffMillis(20, 'ENOENT'),
      channel.backoffMillis(20, 'ECONNREFUSED'),
      channel.backoffMillis(20, 'EACCES'),
    ]).toEqual([200, 1_000, 1_000, 10_000]);
  });
});
