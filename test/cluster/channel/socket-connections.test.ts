// The connections of the aggregator's socket, with a receiver that only notes what they hand over.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import type { Peer } from '../../../src/cluster/aggregator/worker-registry.js';
import { type ConnectionLimits, SocketConnections } from '../../../src/cluster/channel/socket-connections.js';
import { type Clock, systemClock } from '../../../src/runtime/clock.js';
import { failToOpen } from '../../support/failing-open.js';
import { FakeClock } from '../../support/fake-clock.js';
import { needs } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { Log } from '../support/channel-log.js';

needs('socket files');

const UNLIMITED: ConnectionLimits = { connections: Infinity, bufferedBytes: Infinity, unreadBytes: Infinity };

/** `log` has the messages, the reasons of refusals, and `left` for each connection that closes. */
async function serve(limits: Partial<ConnectionLimits> = {}, clock: Clock = systemClock) {
  const path = temporarySocketPath();
  const log = new Log();
  const peers: Peer[] = [];
  const receiver: Pick<BatchReceiver, 'addPeer' | 'removePeer' | 'receive' | 'refuse'> = {
    addPeer: (peer) => void peers.push(peer),
    removePeer: () => log.add('left'),
    receive: (_peer, message) => log.add(message),
    refuse: (reason) => log.add(reason),
  };
  const connections = new SocketConnections(receiver as BatchReceiver, { ...UNLIMITED, ...limits }, clock);
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    connections.add(socket);
  });
  await once(server.listen(path), 'listening');
  onTestFinished(() => {
    server.close();
    connections.close();
  });
  const open = async (): Promise<Socket> => {
    const before = peers.length;
    const socket = connect(path).on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await vi.waitUntil(() => peers.length > before, { interval: 1 });
    return socket;
  };
  return { path, log, peers, accepted, connections, open };
}

const incomplete = (bytes: number): string => `"${'x'.repeat(bytes - 1)}`;

it('a connection is refused without a free file descriptor, and the next one with it is served', async () => {
  const { path, log, open } = await serve();
  const restore = failToOpen('EMFILE');
  const refused = connect(path);
  await once(refused.resume(), 'close');
  restore();
  (await open()).write('1\n');
  expect(await log.take(2)).toEqual(['this process has no file descriptors left (ulimit -n)', 1]);
});

it('a connection that breaks off with answers unread has left', async () => {
  const { log, peers, open } = await serve();
  const socket = await open();
  peers[0]!.send({ text: 'x'.repeat(2 ** 23) });
  socket.destroy();
  expect(await log.take(1)).toEqual(['left']);
});

it('incomplete lines count until they are completed', async () => {
  const { log, open } = await serve({ bufferedBytes: 250_000 });
  const socket = await open();
  // A chunk has 65,536 bytes at most.
  const lines = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(100_000));
  for (const line of lines) socket.write(`"${line}"\n`);
  expect(await log.take(5)).toEqual(lines);
});

it('incomplete lines count until their connections close', async () => {
  const { log, open } = await serve({ bufferedBytes: 100_000 });
  for (const _ of [1, 2, 3, 4]) {
    (await open()).end(incomplete(40_000));
    expect(await log.take(1)).toEqual(['left']);
  }
});

it('incomplete lines may have as many bytes as the limit says', async () => {
  // The least memory of an incomplete line.
  const { log, open } = await serve({ bufferedBytes: 1_024 });
  const socket = await open();
  socket.write('1\n"abc');
  expect(await log.take(1)).toEqual([1]);
  socket.write('def"\n');
  expect(await log.take(1)).toEqual(['abcdef']);
});

it('only the connection with the longest incomplete line is closed when all have too many bytes', async () => {
  const { log, accepted, open } = await serve({ bufferedBytes: 50_000 });
  const clients = [await open(), await open(), await open()];
  const [one, longest, other] = accepted;
  one!.emit('data', Buffer.from(incomplete(10_000)));
  longest!.emit('data', Buffer.from(incomplete(45_000)));
  // Before the connection has closed.
  other!.emit('data', Buffer.from(incomplete(10_000)));
  expect(await log.take(2)).toEqual(['incomplete messages have more than 50000 bytes together', 'left']);
  for (const client of [clients[0]!, clients[2]!]) {
    client.write('"\n');
    expect(await log.take(1)).toEqual(['x'.repeat(9_999)]);
  }
});

it('a line that makes others too long is closed only if it is the longest', async () => {
  const { log, open } = await serve({ bufferedBytes: 50_000 }, new FakeClock());
  const [longest, small] = [await open(), await open()];
  longest.write(`1\n${incomplete(49_000)}`);
  expect(await log.take(1)).toEqual([1]);
  small.write(`2\n${incomplete(2_000)}`);
  expect(await log.take(3)).toEqual([2, 'incomplete messages have more than 50000 bytes together', 'left']);
  small.write('"\n');
  expect(await log.take(1)).toEqual(['x'.repeat(1_999)]);
});

it.each(['2\n3\n', 'nonsense\n'])(
  'nothing more is taken from a connection that does not read its answers, such as %j',
  async (rest) => {
    const { log, peers, open } = await serve({ unreadBytes: 2 ** 23 }, new FakeClock());
    const socket = await open();
    log.once('entry', () => peers[0]!.send({ text: 'x'.repeat(2 ** 23) }));
    socket.write(`1\n${rest}`);
    expect(await log.take(3)).toEqual([1, 'a connection does not read its answers', 'left']);
  },
);

it('a connection may leave as many bytes of answers unread as the limit says', async () => {
  const answer = { text: 'x'.repeat(2 ** 23) };
  const bytes = JSON.stringify(answer).length + '\n'.length;
  const { log, peers, open } = await serve({ unreadBytes: bytes });
  const socket = await open();
  peers[0]!.send(answer);
  socket.write('1\n');
  expect(await log.take(1)).toEqual([1]);
  let received = 0;
  for await (const chunk of socket) {
    received += chunk.length;
    if (received === bytes) break;
  }
});

it('messages that were read from a connection before it broke off are taken, but an incomplete one no longer counts', async () => {
  /** Each look takes longer than a turn; the next turn begins when the test says so. */
  class SlowClock extends FakeClock {
    #looks = 0;
    override now(): number {
      this.#looks += 100;
      return this.#looks;
    }
  }
  const clock = new SlowClock();
  const { log, peers, open } = await serve({ bufferedBytes: 30_500 }, clock);
  const broken = await open();
  broken.write(`1\n2\n${incomplete(30_000)}`);
  expect(await log.take(1)).toEqual([1]);
  broken.destroy();
  await once(broken, 'close');
  peers[0]!.send({});
  expect(await log.take(1)).toEqual(['left']);
  for (let turn = 0; turn < 5; turn += 1) clock.advance(0);
  expect(await log.take(1)).toEqual([2]);
  const other = await open();
  other.write(`3\n${incomplete(500)}`);
  for (const end of ['', '"\n']) {
    other.write(end);
    while (log.entries.length === 0) {
      await new Promise(setImmediate);
      clock.advance(0);
    }
    expect(await log.take(1)).toEqual([end === '' ? 3 : 'x'.repeat(499)]);
  }
});

it('a connection that closes sends its answers first, also when messages arrive meanwhile', async () => {
  const { log, peers, connections, open } = await serve();
  const socket = await open();
  socket.pause();
  const answer = { text: 'x'.repeat(2 ** 23) };
  peers[0]!.send(answer);
  connections.close();
  log.once('entry', () => peers[0]!.send({ late: true }));
  socket.write('1\n');
  expect(await log.take(1)).toEqual([1]);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket.resume(), 'end');
  expect(text === `${JSON.stringify(answer)}\n`).toBe(true);
});
