import { once } from 'node:events';
import { createServer } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { OpenChannel } from '../../../src/cluster/channel/channel.js';
import { ClusterWorkerExporter } from '../../../src/cluster/worker/cluster-worker-exporter.js';
import { WorkerSession } from '../../../src/cluster/worker/worker-session.js';
import { skipWithout } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { FakeChannel } from '../support/fake-channel.js';
import { FakeExporter } from '../support/fake-exporter.js';
import { batchOf, counter } from '../support/metrics.js';

/** Never opens. */
const silent: OpenChannel = () => ({ send: () => {}, close: () => {} });

describe('a worker sends', () => {
  const hello = expect.objectContaining({ kind: 'hello' });

  it('over the channel that it is given', () => {
    const channel = new FakeChannel();
    const worker = new ClusterWorkerExporter({ channel: channel.open });
    onTestFinished(() => worker.shutdown());
    channel.welcome();
    expect(channel.take()[0]).toEqual(hello);
  });

  it('over a port', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const worker = new ClusterWorkerExporter({ port: port2 });
    onTestFinished(() => worker.shutdown());
    expect(await once(port1, 'message')).toEqual([hello]);
  });

  it('over a unix socket', async () => {
    skipWithout('socket files');
    const path = temporarySocketPath();
    const server = createServer();
    onTestFinished(() => void server.close());
    await once(server.listen(path), 'listening');
    const worker = new ClusterWorkerExporter({ path });
    onTestFinished(() => worker.shutdown());
    const [socket] = await once(server, 'connection');
    const [text] = await once(socket, 'data');
    expect(JSON.parse(String(text))).toEqual(hello);
  });
});

it.each([
  ['as a shutdown', {}],
  ['as it is told', { flushTimeoutMillis: 20, shutdownTimeoutMillis: 60_000 }],
])('a flush takes as long %s at most, and counts that it ended early', async (_what, options) => {
  const worker = new ClusterWorkerExporter({ channel: silent, shutdownTimeoutMillis: 20, ...options });
  worker.export(batchOf([counter('c', 1)]), () => {});
  await worker.forceFlush();
  expect(worker.stats().flushDeadlinesMissed).toBe(1);
});

it.each([
  ['as a shutdown', {}, 5_000],
  ['half as long with a fallback, which needs the rest', { fallback: new FakeExporter() }, 2_500],
  ['as it is told', { fallback: new FakeExporter(), flushTimeoutMillis: 7 }, 7],
])('a flush may take as long %s', async (_what, options, millis) => {
  const flush = vi.spyOn(WorkerSession.prototype, 'flush').mockResolvedValue(true);
  onTestFinished(() => flush.mockRestore());
  const worker = new ClusterWorkerExporter({ channel: silent, ...options });
  await worker.forceFlush();
  expect(flush.mock.calls).toEqual([[millis, expect.any(Promise)]]);
});

it('points that are merged before their resource is known wait for it', async () => {
  const channel = new FakeChannel();
  const worker = new ClusterWorkerExporter({ channel: channel.open, shutdownTimeoutMillis: 1 });
  onTestFinished(() => worker.shutdown());
  channel.welcome();
  channel.take();
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const batches = Array.from({ length: 8 }, () => batchOf([counter('c', 1)]));
  for (const batch of batches) {
    Object.assign(batch.resource, { asyncAttributesPending: true, waitForAsyncAttributes: () => settled });
    worker.export(batch, () => {});
  }
  await new Promise(setImmediate);
  expect([channel.takeKinds(), worker.stats().waitingSeries]).toEqual([[], 1]);
  for (const { resource } of batches) Object.assign(resource, { asyncAttributesPending: false });
  settle();
  await vi.waitUntil(() => channel.takeKinds().includes('batch 1'), { interval: 1 });
});

it('an export of points for which there is no room fails, and a rejected batch is logged', async () => {
  const logged: unknown[] = [];
  const none = (): void => {};
  diag.setLogger({ warn: (...all) => logged.push(all), error: none, info: none, debug: none, verbose: none });
  onTestFinished(() => diag.disable());
  const channel = new FakeChannel();
  const worker = new ClusterWorkerExporter({ channel: channel.open, maxSeries: 1, shutdownTimeoutMillis: 1 });
  onTestFinished(() => worker.shutdown());
  const result = await new Promise((resolve) =>
    worker.export(batchOf([counter('c', 1), counter('d', 1)]), resolve),
  );
  expect(result).toEqual({
    code: 1,
    error: new Error(
      'refused 1 data points: those waiting for the ClusterAggregator have reached the limit of 1 series (maxSeries) or ' +
        '67108864 bytes (maxBytes)',
    ),
  });
  channel.welcome();
  const { from } = channel.take()[0] as { from: string };
  channel.receive({ kind: 'acknowledged', to: from, sequence: 1, accepted: false });
  expect(logged).toEqual([
    [
      'opentelemetry-exporter-statsd/cluster',
      'the ClusterAggregator rejected a malformed batch of 1 data points',
    ],
  ]);
});
