import { describe, expect, it } from 'vitest';
import { BatchReceiver, type Peer } from '../../../src/cluster/aggregator/batch-receiver.js';
import { encodeMetrics } from '../../../src/cluster/protocol/encode-metrics.js';
import { envelope } from '../../../src/cluster/protocol/messages.js';
import { batchOf, counter, pointsOf } from '../support/metrics.js';

class FakePeer implements Peer {
  #sent: object[] = [];

  send(message: object): void {
    this.#sent.push(message);
  }

  take(): object[] {
    return this.#sent.splice(0);
  }
}

function start() {
  const log: unknown[] = [];
  let now = 0;
  const inbox = new BatchReceiver('agg', {
    add: ({ id, instance, patienceMillis, isLive }, metrics) => {
      log.push([isLive ? 'add' : 'add late', id, instance, patienceMillis, pointsOf(metrics)]);
      return { merged: 1, refused: 2 };
    },
    forget: (id) => log.push(['forget', id]),
    patienceMillis: (everyMillis) => 3 * everyMillis,
    now: () => now,
  });
  const say = (peer: Peer, message: object) => inbox.receive(peer, envelope(message));
  const batch = (peer: Peer, from: string, sequence: number, resource: Record<string, string> = {}) =>
    say(peer, {
      ...{ kind: 'batch', from, sequence, everyMillis: 100 },
      metrics: encodeMetrics(batchOf([counter('c', sequence)]), resource),
    });
  return {
    inbox,
    say,
    batch,
    takeLog: () => log.splice(0),
    wait: (millis: number) => {
      now += millis;
    },
  };
}

const acknowledged = (to: string, sequence: number, accepted = true) =>
  envelope({ kind: 'acknowledged', to, sequence, accepted });

describe('an inbox', () => {
  it('greets a channel, and answers whoever knocks', () => {
    const { inbox, say } = start();
    const peer = new FakePeer();
    inbox.join(peer);
    say(peer, { kind: 'hello', from: 'w' });
    expect(peer.take()).toEqual([
      envelope({ kind: 'here', to: '*', aggregator: 'agg' }),
      envelope({ kind: 'here', to: 'w', aggregator: 'agg' }),
    ]);
  });

  it('counts a batch once, and acknowledges it each time', () => {
    const { inbox, batch, takeLog } = start();
    const peer = new FakePeer();
    for (const sequence of [1, 1, 2, 1, 2]) batch(peer, 'w', sequence);
    expect(takeLog()).toEqual([
      ['add', 'w', '1', 300, [['c', 1]]],
      ['add', 'w', '1', 300, [['c', 2]]],
    ]);
    expect(peer.take()).toEqual([1, 1, 2, 1, 2].map((sequence) => acknowledged('w', sequence)));
    expect(inbox.stats()).toEqual({
      ...{ liveWorkers: 1, staleWorkers: 0, workersSeen: 1, batches: 2, points: 2, coalescedPoints: 2 },
      ...{ duplicates: 3, malformed: 0, droppedPoints: { series_limit: 4 } },
    });
  });

  it('takes a repeated batch for one also on another channel, and after its worker’s death', () => {
    const { inbox, batch, takeLog } = start();
    const [first, second] = [new FakePeer(), new FakePeer()];
    batch(first, 'w', 1);
    inbox.leave(first);
    batch(second, 'w', 1);
    inbox.leave(second);
    batch(second, 'w', 1);
    expect(takeLog()).toEqual([
      ['add', 'w', '1', 300, [['c', 1]]],
      ['forget', 'w'],
      ['forget', 'w'],
    ]);
    expect(inbox.stats().duplicates).toBe(2);
  });

  it('adds what a dead worker had counted, without taking it for alive', () => {
    const { inbox, batch, takeLog } = start();
    const peer = new FakePeer();
    batch(peer, 'w', 1);
    inbox.leave(peer);
    inbox.leave(peer);
    batch(peer, 'w', 2);
    expect(takeLog()).toEqual([
      ['add', 'w', '1', 300, [['c', 1]]],
      ['forget', 'w'],
      ['add late', 'w', '', 300, [['c', 2]]],
    ]);
    expect(inbox.stats().liveWorkers).toBe(0);
  });

  it('keeps a worker that has a new channel when the old one ends', () => {
    const { inbox, batch, takeLog } = start();
    const [old, young] = [new FakePeer(), new FakePeer()];
    batch(old, 'w', 1);
    batch(young, 'w', 2);
    takeLog();
    inbox.leave(old);
    expect([takeLog(), inbox.stats().liveWorkers]).toEqual([[], 1]);
  });

  it('gives workers numbers that their successors use again, unless they have names', () => {
    const { inbox, batch, takeLog } = start();
    const [a, b, c] = [new FakePeer(), new FakePeer(), new FakePeer()];
    batch(a, 'a', 1);
    batch(b, 'b', 1);
    inbox.leave(a);
    batch(c, 'c', 1);
    batch(c, 'd', 1, { 'service.instance.id': 'named' });
    expect(takeLog().flatMap((entry) => [(entry as unknown[]).slice(0, 3)])).toEqual([
      ['add', 'a', '1'],
      ['add', 'b', '2'],
      ['forget', 'a'],
      ['add', 'c', '1'],
      ['add', 'd', 'named'],
    ]);
  });

  it('refuses what it can not understand, once and for all, and counts it', () => {
    const { inbox, say, batch, takeLog } = start();
    const peer = new FakePeer();
    say(peer, { kind: 'batch', from: 'w', sequence: 1, everyMillis: 1, metrics: { scopes: 'many' } });
    expect(peer.take()).toEqual([acknowledged('w', 1, false)]);
    say(peer, { kind: 'batch', from: 'w', sequence: -1, everyMillis: 1, metrics: {} });
    say(peer, { kind: 'batch', from: 'w', sequence: 2, everyMillis: Number.POSITIVE_INFINITY, metrics: {} });
    say(peer, { kind: 'dance', from: 'w' });
    say(peer, { kind: 'hello', from: '' });
    say(peer, { kind: 'hello', from: 'x'.repeat(201) });
    batch(peer, 'w', 2);
    expect([takeLog(), inbox.stats().malformed]).toEqual([[['add', 'w', '1', 300, [['c', 2]]]], 6]);
  });

  it('ignores the app’s own messages, and those of other versions', () => {
    const { inbox } = start();
    const peer = new FakePeer();
    const foreign = [
      'text',
      1,
      null,
      undefined,
      [],
      { cmd: 'x' },
      { 'opentelemetry-exporter-statsd': 2, kind: 'hello' },
    ];
    for (const message of foreign) inbox.receive(peer, message);
    expect([peer.take(), inbox.stats().malformed, inbox.stats().workersSeen]).toEqual([[], 0, 0]);
  });

  it('tells stale workers from live ones', () => {
    const { inbox, batch, wait } = start();
    const peer = new FakePeer();
    batch(peer, 'w', 1);
    batch(peer, 'x', 1);
    wait(200);
    batch(peer, 'x', 2);
    wait(101);
    expect([inbox.stats().liveWorkers, inbox.stats().staleWorkers]).toEqual([1, 1]);
  });

  it('forgets a worker that says goodbye', () => {
    const { batch, say, takeLog } = start();
    const peer = new FakePeer();
    batch(peer, 'w', 1);
    takeLog();
    say(peer, { kind: 'bye', from: 'w' });
    expect(takeLog()).toEqual([['forget', 'w']]);
  });

  it('asks for last figures until every worker has answered or gone', async () => {
    const { inbox, batch, say } = start();
    const [a, b] = [new FakePeer(), new FakePeer()];
    batch(a, 'a', 1);
    batch(b, 'b', 1);
    a.take();
    let isDone = false;
    const done = inbox.requestFlush().then(() => {
      isDone = true;
    });
    expect(a.take()).toEqual([envelope({ kind: 'flush', to: 'a' })]);
    say(a, { kind: 'flushed', from: 'a' });
    await new Promise(setImmediate);
    expect(isDone).toBe(false);
    inbox.leave(b);
    await done;
  });
});
