// Peers of the unix socket that send or hold more than any worker.
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../../src/cluster/channel/socket-connections.js';
import { SocketListener } from '../../../src/cluster/channel/socket-peers.js';
import { MAX_MESSAGE_BYTES } from '../../../src/cluster/protocol/limits.js';
import { envelope } from '../../../src/cluster/protocol/messages.js';
import { type Clock, systemClock } from '../../../src/runtime/clock.js';
import { needs } from '../../support/platform.js';

needs('socket files');

async function start(limits: Partial<ConnectionLimits> = {}, group?: number, clock?: Clock) {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const path = join(folder, 'agg.sock');
  const logged: string[] = [];
  const receiver = new BatchReceiver({
    name: 'agg',
    add: () => ({ merged: 0, dropped: {} }),
    removeWorker: () => {},
    staleAfterMillis: () => 1_000,
    now: () => 0,
    log: (message) => logged.push(message),
  });
  const listener = new SocketListener(
    {
      ...{ path, receiver, group },
      limits: { ...CONNECTION_LIMITS, ...limits },
      log: (message) => logged.push(message),
    },
    clock,
  );
  onTestFinished(() => {
    listener.close();
    rmSync(folder, { recursive: true });
  });
  const open = async (): Promise<Socket & { readonly ended: Promise<unknown> }> => {
    const socket = connect(path).on('error', () => {});
    onTestFinished(() => void socket.destroy());
    const ended = new Promise((resolve) => socket.on('close', resolve));
    await once(socket, 'connect');
    return Object.assign(socket, { ended });
  };
  return { path, receiver, logged, open };
}

const hello = (from: string): string =>
  `${JSON.stringify(envelope({ kind: 'hello', from, secret: `secret of ${from}` }))}\n`;

/** Writes for as long as the peer reads. */
function pour(socket: Socket, chunk: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

/** Resolves with the first answer to a hello, which shows that the aggregator serves this connection. */
async function isServed(socket: Socket): Promise<boolean> {
  socket.write(hello('good'));
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    if (chunk.includes('"to":"good"')) return true;
  }
}

it('there may be 1,000 connections, 32 MiB of unfinished messages and 64 KiB of unread answers', () => {
  expect(CONNECTION_LIMITS).toEqual({
    connections: 1_000,
    bufferedBytes: 33_554_432,
    unreadBytes: 65_536,
  });
});

it('a connection whose line is too long is closed, and others are served', async () => {
  const { open, logged, receiver } = await start();
  const [hostile, good] = [await open(), await open()];
  hostile.resume();
  pour(hostile, Buffer.alloc(2 ** 16, 'x'));
  await hostile.ended;
  expect(await isServed(good)).toBe(true);
  expect({ logged, refused: receiver.stats().refused }).toEqual({
    logged: [`messages of workers are refused: a message has more than ${MAX_MESSAGE_BYTES} bytes`],
    refused: 1,
  });
});

it('a connection whose line has millions of lists is closed before the line is parsed', async () => {
  const { open, receiver } = await start();
  const hostile = await open();
  hostile.resume();
  hostile.write(`[${'[],'.repeat(300_000)}0]\n`);
  await hostile.ended;
  expect(receiver.stats()).toMatchObject({ refused: 1, malformed: 0 });
});

it('incomplete lines of all connections are bounded together; those with the longest are closed', async () => {
  const { open, receiver } = await start({ bufferedBytes: 2 ** 20 });
  const hostile = await Promise.all(Array.from({ length: 10 }, open));
  const good = await open();
  for (const socket of hostile) {
    socket.resume();
    socket.write(Buffer.alloc(200_000, 'x'));
  }
  await Promise.race(hostile.map(({ ended }) => ended));
  expect(await isServed(good)).toBe(true);
  // 200,000 bytes are held in a buffer of 262,144 at most: 1 MiB has room for four or five of ten.
  while (receiver.stats().refused < 5) await new Promise(setImmediate);
  expect(hostile.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(0);
});

it('a connection that does not read its answers is closed', async () => {
  const { open, receiver, logged } = await start();
  const hostile = await open();
  hostile.pause();
  pour(hostile, Buffer.from(hello('w').repeat(500)));
  await hostile.ended;
  expect({ refused: receiver.stats().refused, logged }).toEqual({
    refused: 1,
    logged: ['messages of workers are refused: a connection does not read its answers'],
  });
});

it('connections beyond the limit are refused', async () => {
  const { open, receiver } = await start({ connections: 2 });
  const [first] = [await open(), await open()];
  const third = await open();
  third.resume();
  await third.ended;
  expect({ isServed: await isServed(first), refused: receiver.stats().refused }).toEqual({
    isServed: true,
    refused: 1,
  });
});

it.each([0o000, 0o022, 0o077])(
  'only the user of the aggregator may connect, with umask %i',
  async (umask) => {
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
    const { path } = await start();
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    expect(process.umask(before)).toBe(umask);
  },
);

it('members of the group may connect, too', async () => {
  const group = process.getgid!();
  const { path } = await start({}, group);
  const { mode, gid, uid } = statSync(path);
  expect([(mode & 0o777).toString(8), gid, uid]).toEqual(['660', group, process.getuid!()]);
});

it.each(['', 'x', '{', '"', '\0'])(
  'a connection that sends %j, which is not JSON, is closed',
  async (text) => {
    const { open, receiver, logged } = await start();
    const [hostile, good] = [await open(), await open()];
    hostile.resume();
    hostile.write(`${text}\n`.repeat(2 ** 20 / (text.length + 1)));
    await hostile.ended;
    expect(await isServed(good)).toBe(true);
    expect({ refused: receiver.stats().refused, logged }).toEqual({
      refused: 1,
      logged: ['messages of workers are refused: a message is not JSON'],
    });
  },
);

it('many short messages at once leave turns of the event loop to other work', async () => {
  // Each look at the clock takes a millisecond.
  let millis = 0;
  const clock = { ...systemClock, now: () => (millis += 1) };
  const { open, receiver } = await start({}, undefined, clock);
  const hostile = await open();
  hostile.resume();
  const line = `${JSON.stringify(envelope({ kind: 'unknown', from: 'w', secret: 's' }))}\n`;
  const count = 2_000;
  hostile.write(line.repeat(count));
  let most = 0;
  let before = 0;
  while (before < count) {
    await new Promise(setImmediate);
    const { malformed } = receiver.stats();
    most = Math.max(most, malformed - before);
    before = malformed;
  }
  expect(before).toBe(count);
  // A turn of five steps in the poll phase, and one in the timers phase, before this test looks again.
  expect(most).toBeLessThanOrEqual(10);
});
