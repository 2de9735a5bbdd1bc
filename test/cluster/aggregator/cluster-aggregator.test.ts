import type { ChildProcess } from 'node:child_process';
import cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { MessageChannel, type Worker as Thread } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { describe, expect, it, onTestFinished, test, vi } from 'vitest';
import { ClusterAggregator } from '../../../src/cluster/aggregator/cluster-aggregator.js';
import type { ClusterAggregatorOptions } from '../../../src/cluster/aggregator/options.js';
import { envelope } from '../../../src/cluster/protocol/messages.js';
import { ClusterWorkerExporter } from '../../../src/cluster/worker/cluster-worker-exporter.js';
import { skipWithout } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { FakeExporter } from '../support/fake-exporter.js';
import { batchOf, counter, gauge } from '../support/metrics.js';

function start(options: Partial<ClusterAggregatorOptions> = {}) {
  const exporter = new FakeExporter();
  const aggregator = new ClusterAggregator({ exporter, cluster: false, ...options });
  onTestFinished(() => aggregator.shutdown());
  return { exporter, aggregator };
}

/** What the rest of the test logs as warnings. */
function loggedWarnings(): unknown[] {
  const logged: unknown[] = [];
  const none = (): void => {};
  diag.setLogger({
    warn: (...all) => logged.push(all),
    error: none,
    info: none,
    debug: none,
    verbose: none,
  });
  onTestFinished(() => diag.disable());
  return logged;
}

test('a shutdown ends within its deadline even if the exporter never shuts down', async () => {
  const aggregator = new ClusterAggregator({
    exporter: {
      export: (_batch, answer: (result: ExportResult) => void) => answer({ code: ExportResultCode.SUCCESS }),
      forceFlush: () => new Promise(() => {}),
      shutdown: () => new Promise(() => {}),
    },
    shutdownTimeoutMillis: 50,
    cluster: false,
  });
  await aggregator.forceFlush();
  await aggregator.shutdown();
  expect(aggregator.stats().state).toBe('closed');
});

describe('an aggregator', () => {
  it('listens to the workers of node:cluster unless told otherwise, until its shutdown', async () => {
    const listeners = (): number => cluster.listenerCount('disconnect');
    const before = listeners();
    const { aggregator } = start({ cluster: true });
    start();
    expect(listeners()).toBe(before + 1);
    await aggregator.shutdown();
    expect(listeners()).toBe(before);
  });

  it('listens to a child process until its shutdown, and not at all afterwards', async () => {
    const { aggregator } = start();
    const child = Object.assign(new EventEmitter(), { connected: false }) as unknown as ChildProcess;
    aggregator.attachProcess(child);
    expect(child.listenerCount('message')).toBe(1);
    await aggregator.shutdown();
    expect(child.listenerCount('message')).toBe(0);
    aggregator.attachProcess(child);
    expect(child.listenerCount('message')).toBe(0);
  });

  it('listens to a port, or to the ports that a thread offers', async () => {
    const { exporter, aggregator } = start();
    const { port1, port2 } = new MessageChannel();
    aggregator.attachPort(port1);
    const thread = Object.assign(new EventEmitter(), { threadId: 1 }) as unknown as Thread;
    aggregator.attachPort(thread);
    expect(thread.listenerCount('message')).toBe(1);
    const worker = new ClusterWorkerExporter({ port: port2 });
    worker.export(batchOf([counter('c', 2)]), () => {});
    await worker.forceFlush();
    await aggregator.shutdown();
    expect([exporter.exports, thread.listenerCount('message')]).toEqual([[[['c', 2]]], 0]);
    await worker.shutdown();
    port1.close();
  });

  it('listens on a unix socket until its shutdown', async () => {
    skipWithout('socket files');
    const path = temporarySocketPath();
    const { exporter, aggregator } = start({ listen: { path } });
    const worker = new ClusterWorkerExporter({ path });
    worker.export(batchOf([counter('c', 2)]), () => {});
    await worker.forceFlush();
    await aggregator.shutdown();
    await worker.shutdown();
    expect([exporter.exports, existsSync(path)]).toEqual([[[['c', 2]]], false]);
  });

  it('combines gauges by its rules, with the attribute that it is given', async () => {
    const { exporter, aggregator } = start({ gauges: { total: 'sum' }, instanceAttribute: 'worker' });
    for (const instance of ['a', 'b']) {
      const worker = aggregator.workerExporter({ instance });
      worker.export(batchOf([gauge('total', 2), gauge('each', 1)]), () => {});
      await worker.forceFlush();
    }
    await aggregator.forceFlush();
    expect(exporter.exports).toEqual([
      [
        ['total', 4],
        ['each{"worker":"a"}', 1],
        ['each{"worker":"b"}', 1],
      ],
    ]);
  });

  it('counts what it receives, keeps and exports', async () => {
    const { aggregator } = start({ maxSeries: 1 });
    const worker = aggregator.workerExporter();
    worker.export(batchOf([counter('c', 1), counter('d', 1)]), () => {});
    await worker.forceFlush();
    const received = {
      ...{ liveWorkers: 1, staleWorkers: 0, workersSeen: 1, batches: 1, points: 2, coalescedPoints: 0 },
      ...{ duplicates: 0, malformed: 0, refused: 0, droppedPoints: { series_limit: 1 } },
      ...{ failedExports: 0, failedPoints: 0, exportTimeouts: 0 },
    };
    expect(aggregator.stats()).toEqual({
      ...received,
      ...{ state: 'running', series: 1, exports: 0, receivedPoints: 0 },
    });
    await aggregator.forceFlush();
    expect(aggregator.stats()).toEqual({
      ...received,
      ...{ state: 'running', series: 0, exports: 1, receivedPoints: 1 },
    });
  });

  it('forgets the gauges of a worker that shuts down', async () => {
    const { exporter, aggregator } = start();
    const worker = aggregator.workerExporter({ instance: 'a' });
    worker.export(batchOf([gauge('g', 1)]), () => {});
    await worker.shutdown();
    await aggregator.forceFlush();
    expect(exporter.exports).toEqual([]);
  });

  it('counts a worker as stale after the time that it is given', async () => {
    const { aggregator } = start({ staleMillis: 1 });
    const worker = aggregator.workerExporter();
    worker.export(batchOf([gauge('g', 1)]), () => {});
    await worker.forceFlush();
    await vi.waitUntil(() => aggregator.stats().staleWorkers === 1, { interval: 1 });
    expect(aggregator.stats().liveWorkers).toBe(0);
    await worker.shutdown();
  });

  it('counts a worker as stale after three of its own intervals, also if they are longer than its own', async () => {
    const { aggregator } = start({ exportIntervalMillis: 1 });
    const worker = aggregator.workerExporter();
    worker.export(batchOf([gauge('g', 1)]), () => {});
    await worker.forceFlush();
    const until = performance.now() + 10;
    while (performance.now() < until) await new Promise(setImmediate);
    expect(aggregator.stats()).toMatchObject({ liveWorkers: 1, staleWorkers: 0 });
    await worker.shutdown();
  });

  it('logs the messages that it refuses', async () => {
    const logged = loggedWarnings();
    const { aggregator } = start();
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    aggregator.attachPort(port1);
    for (const secret of ['s', 't']) port2.postMessage(envelope({ kind: 'hello', from: 'w', secret }));
    await vi.waitUntil(() => aggregator.stats().refused === 1, { interval: 1 });
    expect(logged).toEqual([
      [
        'opentelemetry-exporter-statsd/cluster',
        'messages of workers are refused: a message has the name of another worker',
      ],
    ]);
  });

  it('logs why workers cannot connect to its socket', async () => {
    skipWithout('socket files');
    const logged = loggedWarnings();
    const path = temporarySocketPath();
    writeFileSync(path, 'precious');
    start({ listen: { path } });
    await vi.waitUntil(() => logged.length > 0, { interval: 1 });
    expect(logged).toEqual([
      [
        'opentelemetry-exporter-statsd/cluster',
        `workers cannot connect yet: ${path} is not a socket, or cannot be removed`,
      ],
    ]);
  });

  it('logs what its exporter throws', async () => {
    const logged: unknown[] = [];
    const none = (): void => {};
    diag.setLogger({
      error: (...all) => logged.push(all),
      warn: none,
      info: none,
      debug: none,
      verbose: none,
    });
    onTestFinished(() => diag.disable());
    const { exporter, aggregator } = start();
    const failure = new Error('no');
    exporter.forceFlush = () => Promise.reject(failure);
    exporter.shutdown = () => {
      throw failure;
    };
    await aggregator.forceFlush();
    await aggregator.shutdown();
    const entry = ['opentelemetry-exporter-statsd/cluster', 'the wrapped exporter failed', failure];
    expect(logged).toEqual([entry, entry]);
  });

  it('waits for the delivery of its exporter, at a flush and at its shutdown', async () => {
    const { exporter, aggregator } = start();
    const done: string[] = [];
    const slowly = (what: string) => async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.push(what);
    };
    exporter.forceFlush = slowly('flush');
    exporter.shutdown = slowly('shutdown');
    await aggregator.forceFlush();
    expect(done).toEqual(['flush']);
    await aggregator.shutdown();
    expect(done).toEqual(['flush', 'shutdown']);
  });

  it('waits for its exporter until the deadline of a flush', async () => {
    const { exporter, aggregator } = start({ flushTimeoutMillis: 20 });
    exporter.forceFlush = () => new Promise(() => {});
    await aggregator.forceFlush();
  });
});
