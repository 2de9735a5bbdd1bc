// The worker's end of the unix socket.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeLine } from '../../../src/cluster/channel/ndjson.js';
import { openSocketChannel } from '../../../src/cluster/channel/socket-channel.js';
import { FakeClock } from '../../support/fake-clock.js';
import { needs } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { openLogged } from '../support/channel-log.js';

needs('socket files');

async function serve(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => onConnection(socket.on('error', () => {})));
  onTestFinished(() => void server.close());
  await once(server.listen(path), 'listening');
  return server;
}

function startChannel(path: string) {
  const clock = new FakeClock();
  const { channel, log } = openLogged(openSocketChannel(path, clock, () => 1));
  /** Until the next attempt, once the last has failed. */
  const nextDelay = async (): Promise<number> => {
    await vi.waitUntil(() => clock.pendingMillis.length > 0, { interval: 1 });
    return clock.pendingMillis[0]!;
  };
  return { clock, channel, log, nextDelay };
}

/** Longer than a socket takes to close. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

describe('the worker’s end of a unix socket', () => {
  it('tries again after longer and longer pauses, of a second at most', async () => {
    const { clock, log, nextDelay } = startChannel(temporarySocketPath());
    const delays: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      delays.push(await nextDelay());
      clock.advance(delays.at(-1)!);
    }
    expect([delays, log.entries]).toEqual([[100, 200, 400, 800, 1_000, 1_000], []]);
  });

  it('counts a connection without a message as one more failure, and begins anew after a message', async () => {
    const path = temporarySocketPath();
    const { clock, log, nextDelay } = startChannel(path);
    expect(await nextDelay()).toBe(100);
    let answer = '';
    await serve(path, (socket) => socket.end(answer).resume());
    clock.advance(100);
    expect([await log.take(2), await nextDelay()]).toEqual([['open', 'closed'], 200]);
    answer = encodeLine({ n: 1 });
    clock.advance(200);
    expect([await log.take(3), await nextDelay()]).toEqual([['open', { n: 1 }, 'closed'], 100]);
  });

  it('connects anew when the other end sends what is no message', async () => {
    const path = temporarySocketPath();
    await serve(path, (socket) => socket.write('nonsense\n'));
    const { log, nextDelay } = startChannel(path);
    expect([await log.take(2), await nextDelay()]).toEqual([['open', 'closed'], 100]);
  });

  it('that is closed while it waits has no timer left', async () => {
    const { clock, channel, log, nextDelay } = startChannel(temporarySocketPath());
    await nextDelay();
    channel.close();
    expect([clock.pendingMillis, log.entries]).toEqual([[], []]);
  });

  it('that is closed while it connects ends its connection, without an event', async () => {
    const path = temporarySocketPath();
    const sockets: Socket[] = [];
    await serve(path, (socket) => sockets.push(socket.resume()));
    const { clock, channel, log } = startChannel(path);
    channel.close();
    await vi.waitUntil(() => sockets[0]?.destroyed === true, { interval: 1 });
    await turns();
    expect([log.entries, clock.pendingMillis]).toEqual([[], []]);
  });

  it('that is closed takes no message that arrives later, and does not connect anew', async () => {
    const path = temporarySocketPath();
    const sockets: Socket[] = [];
    await serve(path, (socket) => {
      sockets.push(socket.resume());
      socket.write(encodeLine({ n: 1 }));
    });
    const clock = new FakeClock();
    const messages: unknown[] = [];
    const channel = openSocketChannel(
      path,
      clock,
    )({
      onOpen: () => channel.close(),
      onMessage: (message) => messages.push(message),
      onClose: () => messages.push('closed'),
    });
    await vi.waitUntil(() => sockets[0]?.destroyed === true, { interval: 1 });
    await turns();
    expect([messages, clock.pendingMillis]).toEqual([[], []]);
  });

  it.each([
    ['a second when the other end closes at once', temporarySocketPath, [100, 200, 400, 800, 1_000]],
    ['longer when the path leads nowhere', () => `${process.execPath}/agg.sock`, [100, 200, 400, 800, 1_600]],
  ])('waits for %s', async (_what, pathOf, expected) => {
    const path = pathOf();
    if (!path.startsWith(process.execPath)) await serve(path, (socket) => socket.end().resume());
    const { clock, nextDelay } = startChannel(path);
    const delays: number[] = [];
    for (const _ of expected) {
      delays.push(await nextDelay());
      clock.advance(delays.at(-1)!);
    }
    expect(delays).toEqual(expected);
  });

  it('that is closed sends what was written, and takes nothing more', async () => {
    const path = temporarySocketPath();
    let received = '';
    const ended = new Promise<void>((resolve) => {
      void serve(path, (socket) => {
        socket.on('data', (data) => {
          received += data;
        });
        socket.on('end', resolve);
        socket.on('end', () => socket.write(encodeLine({ late: true })));
      });
    });
    const { clock, channel, log, nextDelay } = startChannel(path);
    if ((await Promise.race([log.take(1), nextDelay()])) === 100) clock.advance(100);
    channel.send({ n: 1 }, () => log.add('written'));
    channel.close();
    channel.send({ n: 2 }, () => log.add('dropped'));
    await ended;
    expect(await log.take(2)).toEqual(['dropped', 'written']);
    await turns();
    expect([received, log.entries, clock.pendingMillis]).toEqual([encodeLine({ n: 1 }), [], []]);
  });
});
