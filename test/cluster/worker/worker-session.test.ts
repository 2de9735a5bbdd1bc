import { ExportResultCode } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import { type SessionOptions, WorkerSession } from '../../../src/cluster/worker/worker-session.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeChannel } from '../support/fake-channel.js';
import { FakeExporter } from '../support/fake-exporter.js';
import { batchOf, counter, gauge, histogram } from '../support/metrics.js';

const nothing = Promise.resolve();

function start(changes: Partial<SessionOptions> = {}) {
  const clock = new FakeClock();
  const channel = new FakeChannel();
  const session = new WorkerSession(
    {
      ...{
        identity: { from: 'w', secret: 'secret of w' },
        openChannel: channel.open,
        instance: undefined,
        fallback: 'merge' as const,
        fallbackAfterMillis: 30_000,
      },
      ...{ collect: undefined, maxSeries: 100, maxBytes: 1e6, log: () => {}, ...changes },
    },
    clock,
  );
  const add = (value: number, name = 'c') => session.accept(batchOf([counter(name, value)]));
  const acknowledge = (sequence: number, accepted = true) =>
    channel.receive({ kind: 'acknowledged', to: 'w', sequence, accepted });
  return { clock, channel, session, add, acknowledge };
}

/** The counters of each batch that was sent. */
function counted(channel: FakeChannel): unknown[] {
  return channel.take().flatMap((message) => {
    if (!('metrics' in message)) return [];
    const { scopes } = message.metrics as { scopes: { metrics: { name: string; values: unknown[] }[] }[] };
    return [
      scopes.flatMap(({ metrics }) =>
        metrics.flatMap(({ name, values }) => values.map((value) => [name, value])),
      ),
    ];
  });
}

describe('a worker with an aggregator', () => {
  it('repeats its hello until it is answered and sends no batch before', () => {
    const { channel, clock, add } = start();
    add(1);
    channel.events.onOpen();
    clock.advance(4_000);
    expect(channel.takeKinds()).toEqual(['hello', 'hello', 'hello']);
    channel.receive({ kind: 'welcome', to: 'other', aggregator: 'a' });
    expect(channel.takeKinds()).toEqual([]);
    channel.receive({ kind: 'welcome', to: 'w', aggregator: 'a' });
    expect(channel.takeKinds()).toEqual(['batch 1']);
  });

  it('says hello to an aggregator that greets all', () => {
    const { channel, add } = start();
    add(1);
    channel.events.onOpen();
    channel.take();
    channel.receive({ kind: 'welcome', to: '*', aggregator: 'a' });
    channel.receive({ kind: 'welcome', to: 'w', aggregator: 'a' });
    expect(channel.takeKinds()).toEqual(['hello', 'batch 1']);
  });

  it('sends one batch at a time and merges points meanwhile', () => {
    const { channel, add, acknowledge, session } = start();
    channel.welcome();
    channel.take();
    for (const value of [1, 2, 3]) add(value);
    expect(counted(channel)).toEqual([[['c', 1]]]);
    acknowledge(1);
    expect(counted(channel)).toEqual([[['c', 5]]]);
    acknowledge(1);
    expect({ counted: counted(channel), acknowledged: session.stats().acknowledged }).toEqual({
      counted: [],
      acknowledged: 1,
    });
    acknowledge(2);
    expect(session.stats()).toEqual({
      ...{ state: 'connected', exports: 3, receivedPoints: 3, coalescedPoints: 1, waitingSeries: 0 },
      ...{
        acknowledgedPoints: 2,
        fallbackPoints: 0,
        droppedPoints: {},
        unacknowledgedPoints: 0,
        flushDeadlinesMissed: 0,
      },
      ...{ batches: 2, acknowledged: 2, resent: 0, malformed: 0 },
    });
  });

  it('keeps points whose resource is pending, with those that waited, until one with a known resource is accepted', () => {
    const { channel, add, session } = start();
    session.accept(batchOf([counter('c', 1)]), true);
    channel.welcome();
    session.accept(batchOf([counter('c', 2)]), true);
    const before = { counted: counted(channel), waitingSeries: session.stats().waitingSeries };
    add(4);
    expect({ before, counted: counted(channel) }).toEqual({
      before: { counted: [], waitingSeries: 1 },
      counted: [[['c', 7]]],
    });
  });

  it('splits many series into several batches', () => {
    const { channel, session, acknowledge } = start({ maxSeries: 5_000, maxBytes: 1e8 });
    channel.welcome();
    channel.take();
    session.accept(batchOf(Array.from({ length: 1_200 }, (_, index) => counter('c', 1, { index }))));
    const sizes = [];
    for (const sequence of [1, 2, 3]) {
      sizes.push((counted(channel)[0] as unknown[]).length);
      acknowledge(sequence);
    }
    expect({ sizes, acknowledgedPoints: session.stats().acknowledgedPoints }).toEqual({
      sizes: [500, 500, 200],
      acknowledgedPoints: 1_200,
    });
  });

  it('resends a batch unchanged to the aggregator of the next channel', () => {
    const { channel, add, acknowledge, session } = start();
    channel.welcome();
    channel.take();
    add(1);
    const first = channel.take();
    channel.events.onClose(false);
    add(2);
    channel.events.onOpen();
    channel.take();
    channel.receive({ kind: 'welcome', to: 'w', aggregator: 'b' });
    expect(channel.take()).toEqual(first);
    acknowledge(1);
    expect(counted(channel)).toEqual([[['c', 2]]]);
    expect(session.stats().resent).toBe(1);
  });

  it('resends a batch after a while, unless the last copy has not left the process', () => {
    const { channel, add, clock } = start();
    channel.welcome();
    channel.take();
    channel.isRead = false;
    add(1);
    clock.advance(100_000);
    expect(channel.takeKinds()).toEqual(['batch 1']);
    channel.read();
    clock.advance(30_000);
    expect(channel.takeKinds()).toEqual(['batch 1']);
  });

  it('sends no further copy of a batch that has not left the process, however many aggregators answer', () => {
    const { channel, add, session } = start();
    channel.welcome();
    channel.take();
    channel.isRead = false;
    add(1);
    channel.take();
    for (let count = 0; count < 1_000; count += 1) {
      channel.receive({ kind: 'welcome', to: 'w', aggregator: `aggregator ${count}` });
    }
    expect([channel.takeKinds(), session.stats().resent]).toEqual([[], 0]);
    channel.read();
    channel.receive({ kind: 'welcome', to: 'w', aggregator: 'another' });
    expect([channel.takeKinds(), session.stats().resent]).toEqual([['batch 1'], 1]);
  });

  it('keeps its limits while the aggregator is blocked and reports refused points', () => {
    const { channel, session } = start({ maxSeries: 3 });
    channel.welcome();
    session.accept(batchOf([counter('in flight', 1)]));
    const refused = () =>
      session.accept(batchOf(Array.from({ length: 5 }, (_, index) => counter('c', 1, { index }))));
    expect([refused(), refused()]).toEqual(
      Array(2).fill(
        'refused 2 data points: those waiting for the ClusterAggregator have reached the limit of 3 series ' +
          '(maxSeries) or 1000000 bytes (maxBytes)',
      ),
    );
    expect(session.stats()).toMatchObject({
      waitingSeries: 3,
      coalescedPoints: 3,
      droppedPoints: { series_limit: 4 },
    });
  });

  it('counts a batch that the aggregator rejects and continues', () => {
    const logged: string[] = [];
    const { channel, add, acknowledge, session } = start({ log: (message) => logged.push(message) });
    channel.welcome();
    add(1);
    acknowledge(1, false);
    channel.take();
    add(2);
    expect(counted(channel)).toEqual([[['c', 2]]]);
    expect(session.stats().droppedPoints).toEqual({ rejected: 1 });
    expect(logged).toEqual(['the ClusterAggregator rejected a malformed batch of 1 data points']);
  });

  it('ignores foreign messages and counts malformed ones', () => {
    const { channel, session } = start();
    channel.welcome();
    for (const message of [
      'text',
      null,
      { type: 'app' },
      { 'opentelemetry-exporter-statsd': 2, kind: 'welcome' },
    ]) {
      channel.events.onMessage(message);
    }
    channel.receive({ kind: 'acknowledged', to: 'w', sequence: 'one', accepted: true });
    channel.receive({ kind: 'dance', to: 'w' });
    expect(session.stats()).toMatchObject({ state: 'connected', malformed: 2 });
  });

  it('sets service.instance.id from the option instance', () => {
    const { channel, session } = start({ instance: 'left' });
    channel.welcome();
    channel.take();
    session.accept(batchOf([counter('c', 1)], { 'service.name': 'shop' }));
    expect(channel.take()[0]).toMatchObject({
      metrics: { resource: ['service.name', 'shop', 'service.instance.id', 'left'] },
    });
  });

  it('collects when the aggregator asks, and answers when everything is acknowledged', async () => {
    const world = start({
      collect: async () => {
        world.add(7);
      },
    });
    const { channel, acknowledge } = world;
    channel.welcome();
    channel.take();
    channel.receive({ kind: 'flush', to: 'w' });
    await Promise.resolve();
    expect(counted(channel)).toEqual([[['c', 7]]]);
    acknowledge(1);
    await new Promise(setImmediate);
    expect(channel.takeKinds()).toEqual(['flushed']);
  });
});

describe('a worker without an aggregator', () => {
  it('merges until one answers', () => {
    const { channel, clock, add } = start();
    channel.events.onOpen();
    add(1);
    clock.advance(3_600_000);
    expect(add(2)).toBeUndefined();
    channel.take();
    channel.receive({ kind: 'welcome', to: '*', aggregator: 'a' });
    expect(counted(channel)).toEqual([[['c', 3]]]);
  });

  it('uses the fallback after fallbackAfterMillis until an aggregator answers', () => {
    const fallback = new FakeExporter();
    const { channel, clock, add, session } = start({ fallback });
    channel.events.onOpen();
    add(1);
    clock.advance(29_999);
    add(2);
    expect(fallback.exports).toEqual([]);
    clock.advance(1);
    add(3);
    expect(fallback.exports).toEqual([[['c', 6]]]);
    channel.receive({ kind: 'welcome', to: '*', aggregator: 'a' });
    channel.take();
    add(4);
    expect({
      exportCount: fallback.exports.length,
      counted: counted(channel),
      fallbackPoints: session.stats().fallbackPoints,
    }).toEqual({ exportCount: 1, counted: [[['c', 4]]], fallbackPoints: 1 });
  });

  it('uses the fallback at once when the channel is closed permanently, also for the unacknowledged batch', () => {
    const fallback = new FakeExporter();
    const { channel, add, session } = start({ fallback });
    channel.welcome();
    add(1);
    add(2);
    channel.events.onClose(true);
    add(4);
    expect(fallback.exports).toEqual([[['c', 1]], [['c', 2]], [['c', 4]]]);
    expect(session.stats()).toMatchObject({ state: 'disconnected', fallbackPoints: 3, droppedPoints: {} });
  });

  it('repeats the handshake when its aggregator is closing', () => {
    const { channel, add, clock } = start();
    channel.welcome();
    add(1);
    channel.take();
    channel.receive({ kind: 'closing', to: '*' });
    clock.advance(1_000);
    expect(channel.takeKinds()).toEqual(['hello', 'hello']);
    channel.receive({ kind: 'welcome', to: '*', aggregator: 'b' });
    expect(counted(channel)).toEqual([[['c', 1]]]);
  });

  it('merges while the fallback is slow and counts its failed points', () => {
    const fallback = new FakeExporter();
    fallback.answersAtOnce = false;
    const { channel, add, session } = start({ fallback });
    channel.events.onClose(true);
    for (const value of [1, 2, 3]) add(value);
    expect(fallback.exports).toEqual([[['c', 1]]]);
    fallback.code = ExportResultCode.FAILED;
    fallback.answer();
    expect(fallback.exports).toEqual([[['c', 1]], [['c', 5]]]);
    expect(session.stats().droppedPoints).toEqual({ fallback: 1 });
  });

  it.each(['merge', 'drop'] as const)(
    'drops and counts when the channel is closed permanently, with %s',
    (fallback) => {
      const { channel, add, session } = start({ fallback });
      channel.events.onClose(true);
      for (const _ of [1, 2])
        expect(add(1)).toBe('1 data points were dropped: no ClusterAggregator is reachable');
      expect(session.stats().droppedPoints).toEqual({ no_aggregator: 2 });
    },
  );

  it('drops and counts after fallbackAfterMillis with drop', () => {
    const { channel, clock, add, session } = start({ fallback: 'drop' });
    channel.events.onOpen();
    add(1);
    clock.advance(30_000);
    add(2, 'd');
    expect(session.stats().droppedPoints).toEqual({ no_aggregator: 2 });
  });
});

describe('flush and shutdown', () => {
  it('a flush ends with the last acknowledgement', async () => {
    const { channel, add, acknowledge, session } = start();
    channel.welcome();
    add(1);
    add(2);
    let isFlushed = false;
    const flushed = session.flush(1_000, nothing).then(() => {
      isFlushed = true;
    });
    await new Promise(setImmediate);
    acknowledge(1);
    await new Promise(setImmediate);
    expect(isFlushed).toBe(false);
    acknowledge(2);
    await flushed;
    expect(session.stats().flushDeadlinesMissed).toBe(0);
  });

  it('a flush that misses its deadline is counted, drops nothing and releases the process', async () => {
    const { channel, clock, add, session } = start();
    channel.events.onOpen();
    add(1);
    const flushed = session.flush(1_000, nothing);
    expect(clock.holdsProcess).toBe(true);
    clock.advance(999);
    await new Promise(setImmediate);
    expect(session.stats().flushDeadlinesMissed).toBe(0);
    clock.advance(1);
    await flushed;
    expect({
      holdsProcess: clock.holdsProcess,
      flushDeadlinesMissed: session.stats().flushDeadlinesMissed,
      waitingSeries: session.stats().waitingSeries,
    }).toEqual({ holdsProcess: false, flushDeadlinesMissed: 1, waitingSeries: 1 });
  });

  it('shutdown waits for acknowledgements, says goodbye and closes the channel', async () => {
    const { channel, add, acknowledge, session } = start();
    channel.welcome();
    channel.take();
    add(1);
    const closed = session.close(1_000, nothing);
    await new Promise(setImmediate);
    expect({ kinds: channel.takeKinds(), isClosed: channel.isClosed }).toEqual({
      kinds: ['batch 1'],
      isClosed: false,
    });
    acknowledge(1);
    await closed;
    expect({ kinds: channel.takeKinds(), isClosed: channel.isClosed, state: session.stats().state }).toEqual({
      kinds: ['goodbye'],
      isClosed: true,
      state: 'closed',
    });
  });

  it('shutdown counts dropped points and unacknowledged points separately', async () => {
    const { channel, clock, add, session } = start();
    channel.welcome();
    add(1);
    add(2);
    const closed = session.close(1_000, nothing);
    clock.advance(999);
    await new Promise(setImmediate);
    expect(session.stats().state).toBe('connected');
    for (const millis of [1, 0]) {
      clock.advance(millis);
      await new Promise(setImmediate);
    }
    await closed;
    expect(session.stats()).toMatchObject({
      droppedPoints: { shutdown: 1 },
      unacknowledgedPoints: 1,
      waitingSeries: 0,
    });
    expect(clock.pendingMillis).toEqual([]);
  });

  it('shutdown exports the rest through the fallback and shuts it down', async () => {
    const fallback = new FakeExporter();
    const { channel, clock, add, session } = start({ fallback });
    channel.events.onOpen();
    add(1);
    const closed = session.close(1_000, nothing);
    clock.advance(500);
    await closed;
    expect({
      exports: fallback.exports,
      calls: fallback.calls,
      fallbackPoints: session.stats().fallbackPoints,
    }).toEqual({ exports: [[['c', 1]]], calls: ['shutdown'], fallbackPoints: 1 });
  });
});

describe('flush and shutdown without an aggregator that has ever answered', () => {
  it('wait for a first answer until one second after the start', async () => {
    const { channel, clock, add, acknowledge, session } = start();
    channel.events.onOpen();
    clock.advance(600);
    add(1);
    const closed = session.close(5_000, nothing);
    await new Promise(setImmediate);
    clock.advance(399);
    channel.receive({ kind: 'welcome', to: '*', aggregator: 'a' });
    await new Promise(setImmediate);
    clock.advance(1_000);
    acknowledge(1);
    await closed;
    expect(session.stats()).toMatchObject({ acknowledgedPoints: 1, droppedPoints: {} });
  });

  it('wait for nothing later', async () => {
    const { channel, clock, add, session } = start();
    channel.events.onOpen();
    clock.advance(1_000);
    add(1);
    await session.flush(10_000, nothing);
    await session.close(5_000, nothing);
    expect(session.stats().droppedPoints).toEqual({ shutdown: 1 });
  });

  it('use the fallback instead', async () => {
    const fallback = new FakeExporter();
    const { channel, clock, add, session } = start({ fallback });
    channel.events.onOpen();
    clock.advance(1_000);
    add(1);
    await session.flush(10_000, nothing);
    add(2);
    await session.close(5_000, nothing);
    expect({
      exports: fallback.exports,
      calls: fallback.calls,
      flushDeadlinesMissed: session.stats().flushDeadlinesMissed,
    }).toEqual({
      exports: [[['c', 1]], [['c', 2]]],
      calls: ['forceFlush', 'forceFlush', 'shutdown'],
      flushDeadlinesMissed: 0,
    });
  });
});

describe('the limits of a flush and a shutdown', () => {
  it('a flush waits for exports that have not been answered, until its deadline', async () => {
    const { clock, session } = start();
    const flushed = session.flush(1_000, new Promise(() => {}));
    clock.advance(1_000);
    expect([await flushed, session.stats().flushDeadlinesMissed]).toEqual([false, 1]);
  });

  it('a flush of nothing ends at once', async () => {
    const { channel, clock, session } = start();
    channel.welcome();
    expect([await session.flush(1_000, nothing), clock.pendingMillis]).toEqual([true, []]);
  });

  it('a shutdown takes its time once, and half of it before the fallback gets what is left', async () => {
    const fallback = new FakeExporter();
    const { channel, clock, add, session } = start({ fallback });
    channel.welcome();
    add(1);
    add(2);
    const closed = session.close(1_000, nothing);
    expect(session.close(1, nothing)).toBe(closed);
    clock.advance(499);
    await new Promise(setImmediate);
    expect([fallback.exports, fallback.calls]).toEqual([[], []]);
    for (const millis of [1, 0]) {
      clock.advance(millis);
      await new Promise(setImmediate);
    }
    await closed;
    // The first is in flight: it may have been counted.
    expect([fallback.exports, fallback.calls, session.stats().unacknowledgedPoints]).toEqual([
      [[['c', 2]]],
      ['shutdown'],
      1,
    ]);
  });

  it('a shutdown of the fallback may take the rest of the time', async () => {
    const fallback = new FakeExporter();
    fallback.shutdown = () => new Promise(() => {});
    const { channel, clock, add, session } = start({ fallback });
    channel.welcome();
    add(1);
    let isClosed = false;
    const closed = session.close(1_000, nothing).then(() => {
      isClosed = true;
    });
    clock.advance(500);
    await new Promise(setImmediate);
    clock.advance(499);
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    clock.advance(1);
    await closed;
  });
});

describe('batches that were encoded', () => {
  it('go to the fallback with the rest when the channel is closed permanently', () => {
    const fallback = new FakeExporter();
    const { channel, session, acknowledge } = start({ fallback, maxSeries: 5_000, maxBytes: 1e8 });
    channel.welcome();
    const text = 'x'.repeat(10_000);
    session.accept(batchOf(Array.from({ length: 700 }, (_, index) => counter('c', 1, { index, text }))));
    acknowledge(1);
    channel.events.onClose(true);
    const exported = fallback.exports.reduce((sum, points) => sum + points.length, 0);
    const { acknowledgedPoints, fallbackPoints, droppedPoints } = session.stats();
    expect({ acknowledgedPoints, exported, fallbackPoints, droppedPoints }).toEqual({
      acknowledgedPoints: expect.any(Number),
      exported: 700 - acknowledgedPoints,
      fallbackPoints: 700 - acknowledgedPoints,
      droppedPoints: {},
    });
    expect(acknowledgedPoints).toBeGreaterThan(0);
    expect(acknowledgedPoints).toBeLessThan(500);
  });

  it('leave out points that fit into no message, which is told once', () => {
    const logged: string[] = [];
    const { channel, session, acknowledge } = start({
      log: (message) => logged.push(message),
      maxBytes: 1e8,
    });
    channel.welcome();
    channel.take();
    const text = 'x'.repeat(2 ** 20);
    session.accept(batchOf([counter('c', 1, { text }), counter('d', 2, { text }), counter('e', 3)]));
    expect(counted(channel)).toEqual([[['e', 3]]]);
    acknowledge(1);
    session.accept(batchOf([counter('f', 4, { text }), counter('g', 5)]));
    expect([counted(channel), session.stats().droppedPoints]).toEqual([[[['g', 5]]], { too_large: 3 }]);
    expect(logged).toEqual([
      'a data point is dropped: it has more than 1000 attributes, or more text or buckets than fit into a message of ' +
        '1048576 bytes; further ones are counted in droppedPoints.too_large',
    ]);
  });
});

describe('a request to flush', () => {
  const request = { kind: 'flush', to: 'w' };

  it('collects once until it is answered, however often it comes', async () => {
    let collected = 0;
    let endCollect = (): void => {};
    const { channel } = start({
      collect: () => {
        collected += 1;
        return new Promise((resolve) => {
          endCollect = resolve;
        });
      },
    });
    channel.welcome();
    channel.take();
    for (let count = 0; count < 1_000; count += 1) channel.receive(request);
    endCollect();
    await new Promise(setImmediate);
    expect([collected, channel.takeKinds()]).toEqual([1, ['flushed']]);
    channel.receive(request);
    endCollect();
    await new Promise(setImmediate);
    expect([collected, channel.takeKinds()]).toEqual([2, ['flushed']]);
  });

  it('is answered also without a function that collects, and when that fails', async () => {
    const logged: string[] = [];
    const without = start();
    const failing = start({
      log: (message) => logged.push(message),
      collect: () => Promise.reject(new Error('no')),
    });
    const throwing = start({
      log: (message) => logged.push(message),
      collect: () => {
        throw 'text';
      },
    });
    for (const { channel } of [without, failing, throwing]) {
      channel.welcome();
      channel.take();
      channel.receive(request);
      await new Promise(setImmediate);
      expect(channel.takeKinds()).toEqual(['flushed']);
    }
    expect(logged).toEqual(['collect() failed: no', 'collect() failed: text']);
  });

  it('does not collect during a shutdown, which is the answer', async () => {
    const collected: string[] = [];
    const { channel, add, acknowledge, session } = start({
      collect: async () => void collected.push('collect'),
    });
    channel.welcome();
    add(1);
    const closed = session.close(5_000, nothing);
    channel.receive(request);
    await new Promise(setImmediate);
    acknowledge(1);
    await closed;
    await new Promise(setImmediate);
    expect({ collected, kinds: channel.takeKinds() }).toEqual({
      collected: [],
      kinds: ['hello', 'hello', 'batch 1', 'goodbye'],
    });
  });

  it('waits for a flush, which may be the first part of a shutdown', async () => {
    const collected: string[] = [];
    const { channel, add, acknowledge, session } = start({
      collect: async () => void collected.push('collect'),
    });
    channel.welcome();
    add(1);
    const closed = session.flush(5_000, nothing).then(() => session.close(5_000, nothing));
    channel.receive(request);
    await new Promise(setImmediate);
    acknowledge(1);
    await closed;
    await new Promise(setImmediate);
    expect(collected).toEqual([]);
  });

  it('collects after a flush of a worker that goes on', async () => {
    const collected: string[] = [];
    const { channel, add, acknowledge, session } = start({
      collect: async () => void collected.push('collect'),
    });
    channel.welcome();
    add(1);
    const flushed = session.flush(5_000, nothing);
    channel.receive(request);
    await new Promise(setImmediate);
    acknowledge(1);
    await flushed;
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    expect([collected, channel.takeKinds().at(-1)]).toEqual([['collect'], 'flushed']);
  });
});

describe('a value that would make a sum unusable', () => {
  it('is dropped and counted', () => {
    const { channel, session } = start();
    channel.welcome();
    channel.take();
    const infinite = {
      buckets: { boundaries: [1], counts: [1, 1] },
      count: 2,
      sum: Infinity,
      min: 0,
      max: Infinity,
    };
    const empty = { buckets: { boundaries: [1], counts: [0, 0] }, count: 0, sum: 0 };
    const unreadable = {
      get a(): string {
        throw new Error('no');
      },
    };
    session.accept(
      batchOf([
        counter('c', Number.NaN),
        gauge('g', Infinity),
        counter('d', 1, unreadable),
        histogram('h', infinite),
        histogram('i', empty),
      ]),
    );
    expect(counted(channel)).toEqual([[['h', [[2, null, 0, null], [1], [1, 1]]]]]);
    expect(session.stats().droppedPoints).toEqual({ non_finite: 2, unreadable: 1 });
  });
});
