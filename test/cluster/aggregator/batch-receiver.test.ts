import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import type { Peer } from '../../../src/cluster/aggregator/worker-registry.js';
import { envelope } from '../../../src/cluster/protocol/messages.js';
import { damaged } from '../support/damaged.js';
import { batchOf, counter, encoded, histogram, pointsOf } from '../support/metrics.js';

class FakePeer implements Peer {
  #sent: object[] = [];

  send(message: object): void {
    this.#sent.push(message);
  }

  take(): object[] {
    return this.#sent.splice(0);
  }
}

function start(onAdd = () => {}) {
  const log: unknown[] = [];
  const logged: string[] = [];
  let now = 0;
  const receiver = new BatchReceiver({
    name: 'agg',
    add: ({ id, instance, staleAfterMillis, isLive }, metrics) => {
      log.push([isLive ? 'add' : 'add late', id, instance, staleAfterMillis, pointsOf(metrics)]);
      onAdd();
      return { merged: 1, dropped: { series_limit: 2 } };
    },
    removeWorker: (id) => log.push(['remove', id]),
    staleAfterMillis: (intervalMillis) => 3 * intervalMillis,
    now: () => now,
    log: (message) => logged.push(message),
  });
  const send = (peer: Peer, message: Record<string, unknown>) =>
    receiver.receive(peer, envelope({ secret: `secret of ${String(message['from'])}`, ...message }));
  const batch = (peer: Peer, from: string, sequence: number, resource: Record<string, string> = {}) =>
    send(peer, {
      ...{ kind: 'batch', from, sequence, intervalMillis: 100 },
      metrics: encoded(batchOf([counter('c', sequence)]), resource),
    });
  return {
    receiver,
    send,
    batch,
    logged,
    takeLog: () => log.splice(0),
    wait: (millis: number) => {
      now += millis;
    },
  };
}

const acknowledged = (to: string, sequence: number, accepted = true) =>
  envelope({ kind: 'acknowledged', to, sequence, accepted });

describe('a batch receiver', () => {
  it('greets a new channel and answers a hello', () => {
    const { receiver, send } = start();
    const peer = new FakePeer();
    receiver.addPeer(peer);
    send(peer, { kind: 'hello', from: 'w' });
    expect(peer.take()).toEqual([
      envelope({ kind: 'welcome', to: '*', aggregator: 'agg' }),
      envelope({ kind: 'welcome', to: 'w', aggregator: 'agg' }),
    ]);
  });

  it('counts a batch once, and acknowledges it each time', () => {
    const { receiver, batch, takeLog } = start();
    const peer = new FakePeer();
    for (const sequence of [1, 1, 2, 1, 2]) batch(peer, 'w', sequence);
    expect(takeLog()).toEqual([
      ['add', 'w', '1', 300, [['c', 1]]],
      ['add', 'w', '1', 300, [['c', 2]]],
    ]);
    expect(peer.take()).toEqual([1, 1, 2, 1, 2].map((sequence) => acknowledged('w', sequence)));
    expect(receiver.stats()).toEqual({
      ...{ liveWorkers: 1, staleWorkers: 0, workersSeen: 1, batches: 2, points: 2, coalescedPoints: 2 },
      ...{ duplicates: 3, malformed: 0, refused: 0, droppedPoints: { series_limit: 4 } },
    });
  });

  it('recognises a repeated batch on another channel and after the end of its worker', () => {
    const { receiver, batch, takeLog } = start();
    const [first, second] = [new FakePeer(), new FakePeer()];
    batch(first, 'w', 1);
    receiver.removePeer(first);
    batch(second, 'w', 1);
    receiver.removePeer(second);
    batch(second, 'w', 1);
    expect(takeLog()).toEqual([
      ['add', 'w', '1', 300, [['c', 1]]],
      ['remove', 'w'],
      ['remove', 'w'],
    ]);
    expect(receiver.stats().duplicates).toBe(2);
  });

  it('adds a batch read after its channel closed, without making its worker live', () => {
    const { receiver, batch, takeLog } = start();
    const peer = new FakePeer();
    batch(peer, 'w', 1);
    receiver.removePeer(peer);
    receiver.removePeer(peer);
    batch(peer, 'w', 2);
    expect(takeLog()).toEqual([
      ['add', 'w', '1', 300, [['c', 1]]],
      ['remove', 'w'],
      ['add late', 'w', '', 300, [['c', 2]]],
    ]);
    expect(receiver.stats().liveWorkers).toBe(0);
  });

  it('keeps the interval of a worker that has reconnected when a late batch of its old channel has another', () => {
    const { receiver, batch, send, takeLog, wait } = start();
    const [old, young] = [new FakePeer(), new FakePeer()];
    batch(old, 'w', 1);
    receiver.removePeer(old);
    batch(young, 'w', 3);
    send(old, { kind: 'batch', from: 'w', sequence: 4, intervalMillis: 1, metrics: encoded(batchOf([])) });
    wait(300);
    expect([takeLog().at(-1), receiver.stats().staleWorkers]).toEqual([['add late', 'w', '', 3, []], 0]);
  });

  it('keeps a worker that has reconnected when its old channel closes', () => {
    const { receiver, batch, takeLog } = start();
    const [old, young] = [new FakePeer(), new FakePeer()];
    batch(old, 'w', 1);
    batch(young, 'w', 2);
    takeLog();
    receiver.removePeer(old);
    expect({ log: takeLog(), liveWorkers: receiver.stats().liveWorkers }).toEqual({
      log: [],
      liveWorkers: 1,
    });
  });

  it('assigns numbers to workers without a name and reuses them', () => {
    const { receiver, batch, takeLog } = start();
    const [a, b, c] = [new FakePeer(), new FakePeer(), new FakePeer()];
    batch(a, 'a', 1);
    batch(b, 'b', 1);
    receiver.removePeer(a);
    batch(c, 'c', 1);
    batch(c, 'd', 1, { 'service.instance.id': 'named' });
    expect(takeLog().flatMap((entry) => [(entry as unknown[]).slice(0, 3)])).toEqual([
      ['add', 'a', '1'],
      ['add', 'b', '2'],
      ['remove', 'a'],
      ['add', 'c', '1'],
      ['add', 'd', 'named'],
    ]);
  });

  it('rejects and counts malformed messages', () => {
    const { receiver, send, batch, takeLog } = start();
    const peer = new FakePeer();
    send(peer, { kind: 'batch', from: 'w', sequence: 1, intervalMillis: 1, metrics: { scopes: 'many' } });
    expect(peer.take()).toEqual([acknowledged('w', 1, false)]);
    send(peer, { kind: 'batch', from: 'w', sequence: -1, intervalMillis: 1, metrics: {} });
    send(peer, {
      kind: 'batch',
      from: 'w',
      sequence: 2,
      intervalMillis: Number.POSITIVE_INFINITY,
      metrics: {},
    });
    send(peer, { kind: 'dance', from: 'w' });
    send(peer, { kind: 'hello', from: '' });
    send(peer, { kind: 'hello', from: 'x'.repeat(201) });
    batch(peer, 'w', 2);
    expect({ log: takeLog(), ...receiver.stats() }).toMatchObject({
      log: [['add', 'w', '1', 300, [['c', 2]]]],
      ...{ malformed: 6, workersSeen: 1, liveWorkers: 1 },
    });
  });

  it('ignores messages of the app and of other versions', () => {
    const { receiver } = start();
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
    for (const message of foreign) receiver.receive(peer, message);
    expect({
      taken: peer.take(),
      malformed: receiver.stats().malformed,
      workersSeen: receiver.stats().workersSeen,
    }).toEqual({ taken: [], malformed: 0, workersSeen: 0 });
  });

  it('counts workers without a recent message as stale', () => {
    const { receiver, batch, wait } = start();
    const peer = new FakePeer();
    batch(peer, 'w', 1);
    batch(peer, 'x', 1);
    wait(200);
    batch(peer, 'x', 2);
    wait(101);
    expect({
      liveWorkers: receiver.stats().liveWorkers,
      staleWorkers: receiver.stats().staleWorkers,
    }).toEqual({ liveWorkers: 1, staleWorkers: 1 });
  });

  it('removes a worker at its goodbye', () => {
    const { batch, send, takeLog } = start();
    const peer = new FakePeer();
    batch(peer, 'w', 1);
    takeLog();
    send(peer, { kind: 'goodbye', from: 'w' });
    expect(takeLog()).toEqual([['remove', 'w']]);
  });

  it('waits for a flush until every worker has answered or ended', async () => {
    const { receiver, batch, send } = start();
    const [a, b] = [new FakePeer(), new FakePeer()];
    batch(a, 'a', 1);
    batch(b, 'b', 1);
    a.take();
    let isDone = false;
    const done = receiver.requestFlush().then(() => {
      isDone = true;
    });
    expect(a.take()).toEqual([envelope({ kind: 'flush', to: 'a' })]);
    send(a, { kind: 'flushed', from: 'a' });
    await new Promise(setImmediate);
    expect(isDone).toBe(false);
    receiver.removePeer(b);
    await done;
    expect(receiver.stats().liveWorkers).toBe(1);
  });

  it('never throws and stays usable, whatever a message has in any place', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withSparseArray: true }),
      fc.constantFrom<unknown>(
        new Array(1),
        new Array(2 ** 32 - 1),
        cyclic,
        new Map([['a', 1n]]),
        new Date(),
      ),
    );
    const message = {
      ...envelope({ kind: 'batch', from: 'x', secret: 'secret of x', sequence: 1, intervalMillis: 1 }),
      metrics: encoded(batchOf([counter('c', 1, { a: 'b' }), histogram('h', { ...HISTOGRAM })]), { r: 's' }),
    };
    fc.assert(
      fc.property(fc.nat(), anything, (place, damage) => {
        const { receiver, batch, takeLog } = start();
        const peer = new FakePeer();
        receiver.receive(peer, damage);
        receiver.receive(peer, damaged(message, place, damage));
        takeLog();
        batch(peer, 'w', 1);
        expect(takeLog()).toMatchObject([['add', 'w', expect.any(String), 300, [['c', 1]]]]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts a message as malformed when its handling throws', () => {
    const { receiver, batch } = start(() => {
      throw new Error('unexpected');
    });
    batch(new FakePeer(), 'w', 1);
    expect(receiver.stats()).toMatchObject({ malformed: 1, batches: 0 });
  });
});

describe('the name of another worker', () => {
  it('lets no peer end, replace or count for that worker', () => {
    const { receiver, send, batch, takeLog, logged } = start();
    const [owner, thief] = [new FakePeer(), new FakePeer()];
    batch(owner, 'w', 1);
    takeLog();
    owner.take();
    const metrics = encoded(batchOf([counter('c', 100)]));
    for (const message of [
      { kind: 'hello' },
      { kind: 'flushed' },
      { kind: 'goodbye' },
      { kind: 'batch', sequence: 1e15, intervalMillis: 1, metrics },
    ]) {
      send(thief, { from: 'w', secret: 'guessed', ...message });
    }
    receiver.removePeer(thief);
    batch(owner, 'w', 2);
    expect([thief.take(), owner.take(), takeLog()]).toEqual([
      [],
      [acknowledged('w', 2)],
      [['add', 'w', '1', 300, [['c', 2]]]],
    ]);
    expect({ refused: receiver.stats().refused, liveWorkers: receiver.stats().liveWorkers, logged }).toEqual({
      refused: 4,
      liveWorkers: 1,
      logged: ['messages of workers are refused: a message has the name of another worker'],
    });
  });

  it('lets no peer continue for a worker that has ended', () => {
    const { receiver, send, batch, takeLog } = start();
    const owner = new FakePeer();
    batch(owner, 'w', 1);
    receiver.removePeer(owner);
    takeLog();
    send(new FakePeer(), { kind: 'hello', from: 'w', secret: 'guessed' });
    batch(new FakePeer(), 'w', 2);
    expect({ log: takeLog(), refused: receiver.stats().refused }).toEqual({
      log: [['add', 'w', '1', 300, [['c', 2]]]],
      refused: 1,
    });
  });

  it('does not end a worker that has reconnected, by a late goodbye on its old channel', () => {
    const { receiver, send, batch } = start();
    const [old, young] = [new FakePeer(), new FakePeer()];
    batch(old, 'w', 1);
    batch(young, 'w', 2);
    receiver.removePeer(old);
    send(old, { kind: 'goodbye', from: 'w' });
    expect(receiver.stats().liveWorkers).toBe(1);
  });
});

describe('the number of workers', () => {
  it('is bounded for a channel and for all together', () => {
    const { receiver, send } = start();
    const peers = Array.from({ length: 300 }, () => new FakePeer());
    for (const [index, peer] of peers.entries()) {
      for (let name = 0; name < 101; name += 1) send(peer, { kind: 'hello', from: `${index}.${name}` });
    }
    const answered = peers.map((peer) => peer.take().length);
    expect(answered).toEqual([...Array(10).fill(100), ...Array(290).fill(0)]);
    expect(receiver.stats()).toMatchObject({ liveWorkers: 1_000, refused: 300 * 101 - 1_000 });
    for (const peer of peers) receiver.removePeer(peer);
    expect(receiver.stats().liveWorkers).toBe(0);
  });

  it('assigns each live worker another number, however many come and go', () => {
    const { receiver, batch, takeLog } = start();
    const numbers = (): string[] =>
      takeLog().flatMap((entry) => ((entry as string[])[0] === 'add' ? [(entry as string[])[2]!] : []));
    const first = new FakePeer();
    for (let name = 0; name < 100; name += 1) batch(first, `first ${name}`, 1);
    expect(numbers()).toEqual(Array.from({ length: 100 }, (_, index) => `${index + 1}`));
    receiver.removePeer(first);
    takeLog();
    const second = new FakePeer();
    for (let name = 0; name < 100; name += 1) batch(second, `second ${name}`, 1);
    expect(numbers().sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 100 }, (_, index) => `${index + 1}`),
    );
  });

  it.each([
    ['x'.repeat(201), '1'],
    ['', '1'],
    ['x'.repeat(200), 'x'.repeat(200)],
  ])('ignores a service.instance.id that is empty or too long to be kept: %j', (given, instance) => {
    const { batch, takeLog } = start();
    batch(new FakePeer(), 'w', 1, { 'service.instance.id': given });
    expect(takeLog()).toEqual([['add', 'w', instance, 300, [['c', 1]]]]);
  });
});

const HISTOGRAM = { buckets: { boundaries: [1, 2], counts: [1, 0, 2] }, count: 3, sum: 5, min: 0, max: 3 };
