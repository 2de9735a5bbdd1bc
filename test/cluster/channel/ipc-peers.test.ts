import type { ChildProcess } from 'node:child_process';
import type cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenToChild, listenToCluster } from '../../../src/cluster/channel/ipc-peers.js';
import { loggedReceiver, welcome } from '../support/channel-log.js';

/** A child with an IPC channel. */
class FakeChild extends EventEmitter {
  connected = true;
  readonly sent: unknown[] = [];
  /** Called when the child has read a message. */
  readonly unread: (() => void)[] = [];

  send(message: object, handle: undefined, options: object, callback: () => void): boolean {
    this.sent.push(message);
    this.unread.push(callback);
    expect([handle, options]).toEqual([undefined, {}]);
    return true;
  }

  get asChild(): ChildProcess {
    return this as unknown as ChildProcess;
  }
}

class FakeCluster extends EventEmitter {
  isPrimary = true;
  workers: Record<string, { process: FakeChild } | undefined> | undefined = {};

  get asCluster(): typeof cluster {
    return this as unknown as typeof cluster;
  }
}

const EVENTS = ['message', 'disconnect', 'exit'];
const listenerCounts = (emitter: EventEmitter): number[] =>
  EVENTS.map((event) => emitter.listenerCount(event));

describe('a child process', () => {
  it('is greeted, its messages are answered, and its end is noticed until listening stops', () => {
    const { receiver, log } = loggedReceiver();
    const child = new FakeChild();
    const stop = listenToChild(receiver, child.asChild);
    child.emit('message', { n: 1 });
    child.emit('disconnect');
    child.emit('exit');
    expect({ sent: child.sent, log: log.entries }).toEqual({
      sent: [welcome, { echo: { n: 1 } }],
      log: [{ n: 1 }, 'left', 'left'],
    });
    expect(listenerCounts(child)).toEqual([1, 1, 1]);
    stop();
    expect(listenerCounts(child)).toEqual([0, 0, 0]);
  });

  it('gets no answer once its channel is closed', () => {
    const { receiver } = loggedReceiver();
    const child = new FakeChild();
    child.connected = false;
    listenToChild(receiver, child.asChild);
    expect(child.sent).toEqual([]);
  });

  it('that does not read has a thousand answers waiting at most, and gets answers when it reads again', () => {
    const { receiver } = loggedReceiver();
    const child = new FakeChild();
    listenToChild(receiver, child.asChild);
    for (let count = 1; count < 1_200; count += 1) child.emit('message', count);
    expect(child.sent.length).toBe(1_000);
    for (const read of child.unread.slice(0, 2)) read();
    for (let count = 0; count < 5; count += 1) child.emit('message', `late ${count}`);
    expect(child.sent.slice(1_000)).toEqual([{ echo: 'late 0' }, { echo: 'late 1' }]);
  });
});

describe('the workers of node:cluster', () => {
  it('are greeted when they are there already, answered, and noticed when they end', () => {
    const { receiver, log } = loggedReceiver();
    const workers = new FakeCluster();
    const [early, late] = [{ process: new FakeChild() }, { process: new FakeChild() }];
    workers.workers = { 1: early, 2: undefined };
    const stop = listenToCluster(receiver, workers.asCluster);
    workers.emit('message', early, { n: 1 });
    workers.emit('message', late, { n: 2 });
    workers.emit('disconnect', late);
    workers.emit('exit', late);
    expect({ early: early.process.sent, late: late.process.sent, log: log.entries }).toEqual({
      early: [welcome, { echo: { n: 1 } }],
      late: [{ echo: { n: 2 } }],
      log: [{ n: 1 }, { n: 2 }, 'left', 'left'],
    });
    expect(listenerCounts(workers)).toEqual([1, 1, 1]);
    stop();
    expect(listenerCounts(workers)).toEqual([0, 0, 0]);
  });

  it('are one peer each, however many messages they send', () => {
    const { receiver } = loggedReceiver();
    const peers = new Set<unknown>();
    receiver.receive = (peer) => void peers.add(peer);
    const removed: unknown[] = [];
    receiver.removePeer = (peer) => void removed.push(peer);
    const workers = new FakeCluster();
    workers.workers = undefined;
    listenToCluster(receiver, workers.asCluster);
    const worker = { process: new FakeChild() };
    for (const message of [1, 2, 3]) workers.emit('message', worker, message);
    workers.emit('exit', worker);
    expect(removed).toEqual([...peers]);
  });

  it('are not listened to in a worker', () => {
    const workers = new FakeCluster();
    workers.isPrimary = false;
    const stop = listenToCluster(loggedReceiver().receiver, workers.asCluster);
    expect(listenerCounts(workers)).toEqual([0, 0, 0]);
    stop();
  });
});
