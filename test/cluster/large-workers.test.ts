// A worker with many or large series, over the same bytes as on a unix socket.

import { expect, it } from 'vitest';
import { Aggregation } from '../../src/cluster/aggregator/aggregation.js';
import { BatchReceiver } from '../../src/cluster/aggregator/batch-receiver.js';
import type { OpenChannel } from '../../src/cluster/channel/channel.js';
import { encodeLine, LineDecoder } from '../../src/cluster/channel/ndjson.js';
import { MAX_MESSAGE_BYTES } from '../../src/cluster/protocol/limits.js';
import { WorkerSession } from '../../src/cluster/worker/worker-session.js';
import { systemClock } from '../../src/runtime/clock.js';
import { batchOf, counter, exponential, pointsOf } from './support/metrics.js';
import { resultOf } from './support/result-of.js';

function start() {
  const aggregation = new Aggregation({
    ...{ gaugeRule: () => 'sum' as const, instanceAttribute: 'i', maxSeries: 200_000, maxBytes: 1e9 },
    timeOfDay: () => 0,
  });
  const receiver = new BatchReceiver({
    name: 'agg',
    add: (source, metrics) => aggregation.add(source, metrics, 0),
    removeWorker: () => {},
    staleAfterMillis: () => 1_000,
    now: () => 0,
    log: (message) => expect.unreachable(message),
  });
  const lines: number[] = [];
  const openChannel: OpenChannel = (events) => {
    const decoder = new LineDecoder();
    const peer = { send: (message: object) => void queueMicrotask(() => events.onMessage(message)) };
    queueMicrotask(() => events.onOpen());
    return {
      send(message, onWritten) {
        const line = Buffer.from(encodeLine(message));
        lines.push(line.length);
        for (const each of decoder.decode(line)) receiver.receive(peer, each);
        onWritten();
      },
      close: () => {},
    };
  };
  const session = new WorkerSession(
    {
      ...{ identity: { from: 'w', secret: 's' }, openChannel, instance: undefined, fallback: 'drop' },
      ...{ fallbackAfterMillis: 1e6, collect: undefined, maxSeries: 200_000, maxBytes: 1e9 },
      log: (message) => expect.unreachable(message),
    },
    systemClock,
  );
  return { aggregation, receiver, lines, session };
}

it('100,000 series arrive in messages below the limit', async () => {
  const { aggregation, receiver, lines, session } = start();
  session.accept(batchOf(Array.from({ length: 100_000 }, (_, index) => counter('c', 1, { index }))));
  await session.close(60_000, Promise.resolve());
  const collected = resultOf(aggregation.collect(0)).flatMap((batch) => pointsOf(batch));
  expect({
    collectedCount: collected.length,
    acknowledgedPoints: session.stats().acknowledgedPoints,
  }).toEqual({ collectedCount: 100_000, acknowledgedPoints: 100_000 });
  expect(receiver.stats()).toMatchObject({ batches: 200, malformed: 0, refused: 0 });
  expect(Math.max(...lines)).toBeLessThan(MAX_MESSAGE_BYTES);
});

it('histograms of many buckets and long attributes arrive in messages below the limit', async () => {
  const { aggregation, receiver, lines, session } = start();
  const value = {
    ...{ count: 320, sum: 1, scale: 3, zeroCount: 0 },
    positive: { offset: 0, bucketCounts: Array(160).fill(1) },
    negative: { offset: 0, bucketCounts: Array(160).fill(1) },
  };
  const text = 'ü'.repeat(500);
  const metrics = Array.from({ length: 1_000 }, (_, index) => exponential('e', value, { index, text }));
  session.accept(batchOf(metrics));
  await session.close(60_000, Promise.resolve());
  const collected = resultOf(aggregation.collect(0)).flatMap((batch) => pointsOf(batch));
  expect(collected.map(([, each]) => each)).toEqual(Array(1_000).fill(value));
  expect(receiver.stats()).toMatchObject({ malformed: 0, refused: 0 });
  expect(Math.max(...lines)).toBeLessThan(MAX_MESSAGE_BYTES);
});
