import { InstrumentType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ClusterAggregator, ClusterWorkerExporter } from '../../src/cluster.js';
import { ConfigError } from '../../src/index.js';
import { pretendPlatform } from '../support/platform.js';
import { FakeExporter } from './support/fake-exporter.js';
import { batchOf, counter } from './support/metrics.js';

pretendPlatform('linux');

function messageOf(construct: () => unknown): string {
  try {
    construct();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'no ConfigError';
}

describe('invalid options', () => {
  it('of a worker are reported together', () => {
    const options = {
      fallbck: 'drop',
      path: 'relative',
      port: {},
      fallback: 'maybe',
      fallbackAfterMillis: -1,
      instance: '',
    };
    expect(messageOf(() => new ClusterWorkerExporter(options as object))).toBe(
      'Invalid ClusterWorkerExporter options:\n' +
        '  - fallbck: unknown option (did you mean "fallback"?)\n' +
        '  - path: expected an absolute path of at most 107 bytes, which is all that a socket address holds, got "relative" (string)\n' +
        '  - port: expected a MessagePort, got an object\n' +
        '  - fallback: expected "merge" or "drop" or a metric exporter, got "maybe" (string)\n' +
        '  - fallbackAfterMillis: expected a whole number of milliseconds from 1 to 2147483647, got -1 (number)\n' +
        '  - instance: expected a string that is not empty, got "" (string)',
    );
  });

  it('of an aggregator are reported together', () => {
    const options = { gauges: { a: 'most' }, listen: '/run/app.sock' };
    expect(messageOf(() => new ClusterAggregator(options as never))).toBe(
      'Invalid ClusterAggregator options:\n' +
        '  - gauges: expected one of "sum", "max", "min", "avg", "last", "perWorker", an object with such values, or a function, got an object\n' +
        '  - listen: expected an object with path, an absolute path of at most 107 bytes, which is all that a socket address holds, and optionally group, the id of a group, got "/run/app.sock" (string)\n' +
        '  - exporter: missing; expected a metric exporter',
    );
  });

  it('do not include empty options', () => {
    expect(messageOf(() => new ClusterAggregator(undefined as never))).toBe(
      'Invalid ClusterAggregator options:\n  - options: expected an object, got undefined',
    );
  });
});

function aggregatorOfThisProcess() {
  const exporter = new FakeExporter();
  const aggregator = new ClusterAggregator({ exporter, cluster: false });
  onTestFinished(() => aggregator.shutdown());
  return { exporter, aggregator };
}

describe('a worker exporter', () => {
  const exporter = new ClusterWorkerExporter({ channel: () => ({ send: () => {}, close: () => {} }) });

  it('selects delta for counters and histograms and cumulative for the rest', () => {
    const temporalities = Object.values(InstrumentType).map((type) => [
      type,
      exporter.selectAggregationTemporality(type),
    ]);
    expect(Object.fromEntries(temporalities)).toEqual({
      ...{ COUNTER: 0, OBSERVABLE_COUNTER: 0, HISTOGRAM: 0 },
      ...{ UP_DOWN_COUNTER: 1, OBSERVABLE_UP_DOWN_COUNTER: 1, GAUGE: 1, OBSERVABLE_GAUGE: 1 },
    });
  });

  it('selects exponential histograms by default', () => {
    const own = new ClusterWorkerExporter({
      channel: () => ({ send: () => {}, close: () => {} }),
      aggregation: () => ({ type: 0 }),
    });
    expect([
      exporter.selectAggregation(InstrumentType.HISTOGRAM),
      exporter.selectAggregation(InstrumentType.COUNTER),
      own.selectAggregation(InstrumentType.HISTOGRAM),
    ]).toEqual([{ type: 5, options: { maxSize: 160, recordMinMax: true } }, { type: 0 }, { type: 0 }]);
  });
});

it('a worker exporter merges exports that wait for their resource, and loses no count', async () => {
  const { exporter: target, aggregator } = aggregatorOfThisProcess();
  const worker = aggregator.workerExporter();
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const resource = {
    attributes: {},
    asyncAttributesPending: true,
    waitForAsyncAttributes: () => settled,
  };
  const results = Array.from(
    { length: 10 },
    () =>
      new Promise<number>((resolve) => {
        worker.export({ ...batchOf([counter('c', 1)]), resource } as never, ({ code }) => resolve(code));
      }),
  );
  expect(await Promise.all(results.slice(0, 6))).toEqual([0, 0, 0, 0, 0, 0]);
  settle();
  expect(await Promise.all(results)).toEqual(Array(10).fill(0));
  await worker.forceFlush();
  await aggregator.forceFlush();
  expect(target.exports).toEqual([[['c', 10]]]);
});

describe('an aggregator with metrics of its own process', () => {
  function start() {
    const { exporter, aggregator } = aggregatorOfThisProcess();
    const workers = [aggregator.workerExporter(), aggregator.workerExporter({ instance: 'mine' })];
    return { exporter, aggregator, workers };
  }

  it('adds them up like those of others and shuts its exporter down', async () => {
    const { exporter, aggregator, workers } = start();
    const codes: number[] = [];
    for (const worker of workers) {
      worker.export(batchOf([counter('c', 2)]), ({ code }) => codes.push(code));
      await worker.forceFlush();
    }
    await aggregator.forceFlush();
    await aggregator.shutdown();
    expect({ codes, exports: exporter.exports, calls: exporter.calls }).toEqual({
      codes: [0, 0],
      exports: [[['c', 4]]],
      calls: ['forceFlush', 'shutdown'],
    });
    expect(aggregator.stats()).toMatchObject({
      state: 'closed',
      workersSeen: 2,
      batches: 2,
      exports: 1,
      series: 0,
    });
  });

  it('accepts and acknowledges nothing after its shutdown', async () => {
    const { exporter, aggregator } = start();
    const worker = aggregator.workerExporter({ shutdownTimeoutMillis: 1 });
    await aggregator.shutdown();
    worker.export(batchOf([counter('c', 2)]), () => {});
    await worker.shutdown();
    expect({
      exports: exporter.exports,
      acknowledgedPoints: worker.stats().acknowledgedPoints,
      droppedPoints: worker.stats().droppedPoints,
    }).toEqual({ exports: [], acknowledgedPoints: 0, droppedPoints: { shutdown: 1 } });
  });

  it('shuts down once, however often shutdown is called', async () => {
    const { exporter, aggregator } = start();
    await Promise.all([aggregator.shutdown(), aggregator.shutdown()]);
    expect(exporter.calls).toEqual(['shutdown']);
  });

  it('tolerates an exporter that fails', async () => {
    const { exporter, aggregator } = start();
    exporter.forceFlush = () => Promise.reject(new Error('no'));
    exporter.shutdown = () => Promise.reject(new Error('no'));
    await aggregator.forceFlush();
    await aggregator.shutdown();
    expect(aggregator.stats().state).toBe('closed');
  });

  it('has a worker exporter that accepts nothing after its shutdown', async () => {
    const { workers } = start();
    await workers[0]!.shutdown();
    const results: unknown[] = [];
    workers[0]!.export(batchOf([counter('c', 1)]), (result) => results.push(result));
    expect(results).toEqual([{ code: 1, error: new Error('the exporter is shut down') }]);
  });
});
