// The aggregator's unix socket while its path cannot be used.

import cluster from 'node:cluster';
import { once } from 'node:events';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSocketChannel } from '../../../src/cluster/channel/socket-channel.js';
import { SocketListener, type SocketListenerOptions } from '../../../src/cluster/channel/socket-peers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { needs } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { Log, loggedReceiver, openLogged, welcome } from '../support/channel-log.js';

needs('socket files');

function startListener(path: string, options: Partial<SocketListenerOptions> = {}) {
  const clock = new FakeClock();
  const logged = new Log();
  const { receiver, log } = loggedReceiver();
  const listener = new SocketListener(
    { path, receiver, log: (message) => logged.add(message), ...options },
    clock,
  );
  onTestFinished(() => listener.close());
  /** Lets the next attempt begin, once the last has failed. */
  const retry = async (): Promise<void> => {
    await vi.waitUntil(() => clock.pendingMillis.length > 0, { interval: 1 });
    clock.advance(clock.pendingMillis[0]!);
  };
  return { clock, logged, listener, log, retry };
}

describe('a unix socket whose path cannot be used', () => {
  it('is tried again, which is told twice, until it is free', async () => {
    const path = temporarySocketPath();
    const other = createServer();
    await once(other.listen(path), 'listening');
    const { logged, retry } = startListener(path);
    for (let attempt = 0; attempt < 4; attempt += 1) await retry();
    const message = `workers cannot connect yet: another process listens on ${path}`;
    expect(logged.entries).toEqual([message, message]);
    other.close();
    await once(other, 'close');
    await retry();
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
  });

  it('is tried again after longer and longer pauses', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    const path = temporarySocketPath();
    writeFileSync(path, 'precious');
    const { clock, retry } = startListener(path);
    const times: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await retry();
      times.push(clock.now());
    }
    expect(times).toEqual([200, 600, 1_400, 3_000]);
  });

  it('tells why the system does not let it listen', async () => {
    const { logged } = startListener(join(dirname(temporarySocketPath()), 'none', 'agg.sock'));
    expect(await logged.take(1)).toEqual([
      expect.stringMatching(/^workers cannot connect yet: listen E[A-Z]+: .*none\/agg\.sock$/),
    ]);
  });

  it('is not listened on while its access cannot be set', async () => {
    const path = temporarySocketPath();
    const { clock, logged } = startListener(path, { group: 2 ** 40 });
    expect([await logged.take(1), clock.pendingMillis.length]).toEqual([
      [
        expect.stringMatching(
          `^workers cannot connect yet: the access to ${path} cannot be set: The value of "gid" is out of range.`,
        ),
      ],
      1,
    ]);
    await vi.waitUntil(() => !existsSync(path));
  });

  it('is not tried again after it was closed', async () => {
    const path = temporarySocketPath();
    writeFileSync(path, 'precious');
    const waiting = startListener(path);
    await waiting.logged.take(1);
    waiting.listener.close();
    const checking = startListener(path);
    await new Promise(process.nextTick);
    checking.listener.close();
    const early = startListener(join(dirname(path), 'none', 'agg.sock'));
    early.listener.close();
    // Checks the file after the others.
    const last = startListener(path);
    await last.logged.take(1);
    last.listener.close();
    rmSync(path);
    const next = startListener(path);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    expect(
      [waiting, checking, early, next].map(({ clock, logged }) => [clock.pendingMillis, logged.entries]),
    ).toEqual([[], [], [], []].map(() => [[], []]));
  });
});

describe('a unix socket', () => {
  it('is one of this process, also in a worker of node:cluster', async () => {
    const path = temporarySocketPath();
    const { isPrimary } = cluster;
    onTestFinished(() => void Object.assign(cluster, { isPrimary }));
    Object.assign(cluster, { isPrimary: false });
    startListener(path);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
  });

  it('is listened on after an accept that failed, which is told', async () => {
    const path = temporarySocketPath();
    const listen = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => listen.mockRestore());
    const { clock, log, logged } = startListener(path);
    (listen.mock.contexts[0] as Server).emit('error', new Error('accept EMFILE'));
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    expect([log.entries, logged.entries, clock.pendingMillis]).toEqual([
      ['messages of workers are refused: a connection cannot be accepted: accept EMFILE'],
      [],
      [],
    ]);
  });

  it('is for its owner alone from its creation; the access to a named pipe is not changed later', async () => {
    const [folder, name] = [dirname(temporarySocketPath()), String.raw`\\.\pipe\agg`];
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(folder);
    const { logged } = startListener(name, { group: 2 ** 40 });
    expect([(statSync(name).mode & 0o777).toString(8), logged.entries]).toEqual(['600', []]);
  });

  it('refuses connections beyond its limit, and tells it', async () => {
    const path = temporarySocketPath();
    const { log } = startListener(path, {
      limits: { connections: 1, bufferedBytes: 1_000, unreadBytes: 1_000 },
    });
    const [first, second] = [openLogged(openSocketChannel(path)), openLogged(openSocketChannel(path))];
    expect(await first.log.take(2)).toEqual(['open', welcome]);
    expect(await second.log.take(2)).toEqual(['open', 'closed']);
    expect(log.entries[0]).toBe('messages of workers are refused: there are more than 1 connections');
  });

  it('sends its workers what it has answered when it closes', async () => {
    const path = temporarySocketPath();
    const { log, listener } = startListener(path);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    worker.channel.send({ n: 1 }, () => {});
    expect(await log.take(1)).toEqual([{ n: 1 }]);
    listener.close();
    expect(await worker.log.take(2)).toEqual([{ echo: { n: 1 } }, 'closed']);
  });
});
