// One connection, over a socket that does as the test says.
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { errorWithCode } from '../../../src/runtime/error-code.js';
import { StreamConnection } from '../../../src/transport/stream/stream-connection.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeStreamSocket } from '../../support/fake-stream-socket.js';

function start() {
  const clock = new FakeClock();
  const socket = new FakeStreamSocket();
  const events: unknown[] = [];
  const streamSocket = {
    ...{ socket: socket as unknown as Socket, transportSocket: socket as unknown as Socket },
    readyEvent: 'connect' as const,
  };
  const connection = new StreamConnection(streamSocket, {
    onReady: () => events.push('ready'),
    onTaken: () => events.push('taken'),
    onEvent: (event) => events.push(event),
  });
  /** Whether the connection has ended, as far as its user knows. */
  const linger = (options = { holdProcess: false }) => {
    const state = { isClosed: false };
    const closed = connection.linger(clock, options).then(() => {
      state.isClosed = true;
    });
    return { state, closed };
  };
  return { clock, socket, connection, events, linger };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a connection', () => {
  test('does not keep the process alive, and passes on each event of its socket', () => {
    const { socket, events } = start();
    expect(socket.calls).toEqual(['unref']);
    for (const name of ['connect', 'finish', 'end', 'close']) socket.emit(name);
    socket.emit('error', errorWithCode('ECONNRESET', 'reset'));
    expect(events).toEqual([
      'ready',
      { type: 'finished' },
      { type: 'peer-ended' },
      { type: 'closed' },
      { type: 'error', code: 'ECONNRESET' },
    ]);
  });

  test('writes all pieces together, and says once that they are taken, a turn later', async () => {
    const { socket, connection, events } = start();
    expect(connection.write(['a', 'b', 'c'].map((text) => Buffer.from(text)))).toBe(true);
    expect(socket.calls).toEqual(['unref', 'cork', 'write a', 'write b', 'write c', 'uncork']);
    for (const callback of socket.callbacks) callback();
    expect(events).toEqual([]);
    await nextTurn();
    expect(events).toEqual(['taken']);
  });

  test('says that nothing was taken when the write fails at once', () => {
    const { socket, connection } = start();
    socket.errored = errorWithCode('EPIPE', 'broken');
    expect(connection.write([Buffer.from('a')])).toBe(false);
  });

  test('does not take what was lost with a destroyed socket for taken', async () => {
    const { socket, connection, events } = start();
    connection.write([Buffer.from('a')]);
    socket.destroyed = true;
    for (const callback of socket.callbacks) callback();
    await nextTurn();
    expect(events).toEqual([]);
  });

  test('says nothing any more once it is aborted, not even that a write was taken', async () => {
    const { socket, connection, events } = start();
    connection.write([Buffer.from('a')]);
    for (const callback of socket.callbacks) callback();
    connection.abort('rst');
    await nextTurn();
    socket.emit('error', errorWithCode('ECONNRESET', 'reset'));
    for (const name of ['connect', 'finish', 'end', 'close']) socket.emit(name);
    expect([events, socket.calls.at(-1)]).toEqual([[], 'resetAndDestroy']);
  });

  test('takes 64 KiB from its server, and not a byte more', () => {
    const { socket, events } = start();
    socket.emit('data', Buffer.alloc(65_000));
    socket.emit('data', Buffer.alloc(536));
    expect(events).toEqual([]);
    socket.emit('data', Buffer.alloc(1));
    expect(events).toEqual([{ type: 'junk' }]);
  });
});

describe('a connection that lingers', () => {
  test.each([true, false])(
    'ends its socket and waits for the close; holds the process: %s',
    async (holds) => {
      const { clock, socket, connection, events, linger } = start();
      connection.write([Buffer.from('a')]);
      const { state, closed } = linger({ holdProcess: holds });
      await nextTurn();
      expect([socket.calls.at(-1), state, clock.pendingMillis, clock.holdsProcess]).toEqual([
        ...['destroySoon', { isClosed: false }, [100], holds],
      ]);
      socket.emit('close');
      await closed;
      expect([clock.pendingMillis, events]).toEqual([[], []]);
    },
  );

  test('is destroyed after a tenth of a second', async () => {
    const { clock, socket, linger } = start();
    const { state, closed } = linger();
    clock.advance(99);
    await nextTurn();
    expect([state, socket.destroyed]).toEqual([{ isClosed: false }, false]);
    clock.advance(1);
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  test('is destroyed at once while it is connecting, for it holds nothing', () => {
    const { socket, linger } = start();
    socket.connecting = true;
    void linger();
    expect(socket.calls).toEqual(['unref', 'destroy']);
  });

  test('waits for nothing when its socket is closed', async () => {
    const { clock, socket, linger } = start();
    Object.assign(socket, { destroyed: true, closed: true });
    const { closed } = linger();
    expect(clock.pendingMillis).toEqual([]);
    await closed;
    expect(socket.calls).toEqual(['unref']);
  });

  test('waits for the close of a socket that is destroyed', async () => {
    const { clock, socket, linger } = start();
    socket.destroyed = true;
    const { closed } = linger();
    expect([socket.calls, clock.pendingMillis]).toEqual([['unref'], [100]]);
    socket.emit('close');
    await closed;
  });
});
