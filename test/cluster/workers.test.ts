// Real workers in separate processes: whatever happens to them, every count is exported once.
import { fork, spawn } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needs, skipWithout } from '../support/platform.js';
import {
  conversation,
  forkWorker,
  spawnWorker,
  startAggregator,
  startThread,
  workerFile,
} from './support/workers.js';

const fixtures = dirname(workerFile);

async function startForked(count: number, options: Parameters<typeof forkWorker>[0] = {}) {
  const world = startAggregator({ cluster: false });
  const workers = await Promise.all(Array.from({ length: count }, () => forkWorker(options)));
  for (const { child } of workers) world.aggregator.attachProcess(child);
  return { ...world, workers };
}

test('workers of node:cluster are found automatically and their totals are exact under load', async () => {
  cluster.setupPrimary({ exec: workerFile, execArgv: [] });
  const { totals, aggregator } = startAggregator();
  const start = async (): Promise<ReturnType<typeof conversation> & { worker: Worker }> => {
    const worker = cluster.fork({ WORKER: '{}' });
    onTestFinished(() => void worker.process.kill('SIGKILL'));
    const talk = conversation(
      (tell) => worker.on('message', tell),
      (order) => worker.send(order as object),
    );
    await talk.said('start');
    return { ...talk, worker };
  };
  const workers = await Promise.all([start(), start(), start()]);
  await Promise.all(
    workers.map(async ({ order }, index) => {
      await order('hold', index + 1);
      for (let round = 0; round < 20; round += 1) {
        await order('count', 1_000);
        await order('record', [1, 2, 3]);
      }
      await order('flush');
    }),
  );
  await totals.until(
    ({ counts, values }) => counts.get('requests') === 60_000 && values.get('in flight') === 6,
  );
  expect({ recorded: totals.recorded, liveWorkers: aggregator.stats().liveWorkers }).toEqual({
    recorded: { count: 180, sum: 360 },
    liveWorkers: 3,
  });

  // The process ends right after its shutdown.
  const [first, second] = workers;
  first!.tell('count', 7);
  first!.tell('end');
  await once(first!.worker, 'exit');
  await totals.until(({ values }) => values.get('in flight') === 5);
  expect(totals.counts.get('requests')).toBe(60_007);

  second!.worker.process.kill('SIGKILL');
  await totals.until(({ values }) => values.get('in flight') === 3);
  const { malformed, duplicates, droppedPoints, liveWorkers } = aggregator.stats();
  expect({ malformed, duplicates, droppedPoints, liveWorkers }).toEqual({
    malformed: 0,
    duplicates: 0,
    droppedPoints: {},
    liveWorkers: 1,
  });
});

describe('a worker that is killed', () => {
  test('removes its gauges and up-down counters and leaves its counts', async () => {
    const { totals, aggregator, workers } = await startForked(2);
    const [doomed, other] = workers;
    await Promise.all(
      workers.map(async ({ order }) => {
        for (const [name, argument] of [
          ['count', 10],
          ['hold', 5],
          ['load', 1],
        ] as const)
          await order(name, argument);
        await order('flush');
      }),
    );
    await totals.until(({ values }) => values.get('in flight') === 10);
    doomed!.child.kill('SIGKILL');
    await totals.until(({ values }) => values.get('in flight') === 5);
    expect([totals.counts.get('requests'), aggregator.stats().liveWorkers]).toEqual([20, 1]);

    const successor = await forkWorker();
    aggregator.attachProcess(successor.child);
    await successor.order('hold', 2);
    await successor.order('count', 1);
    await successor.order('load', 3);
    await totals.until(({ values }) => values.get('in flight') === 7);
    await successor.order('flush');
    await other!.order('flush');
    await aggregator.forceFlush();
    expect(totals.counts.get('requests')).toBe(21);
    // The replacement has the number of the killed worker.
    expect([...totals.values.keys()].sort()).toEqual([
      'in flight',
      'load{"service.instance.id":"1"}',
      'load{"service.instance.id":"2"}',
    ]);
    for (const { child } of [other!, successor]) child.kill('SIGKILL');
    await totals.until(({ values }) => values.get('in flight') === 0);
  });

  test('is stale while it is stopped for long', async () => {
    skipWithout('signals');
    const { totals, aggregator } = startAggregator({ cluster: false, staleMillis: 300 });
    const worker = await forkWorker();
    aggregator.attachProcess(worker.child);
    await worker.order('hold', 5);
    await totals.until(({ values }) => values.get('in flight') === 5);
    worker.child.kill('SIGSTOP');
    await totals.until(({ values }) => values.get('in flight') === 0);
    expect({
      liveWorkers: aggregator.stats().liveWorkers,
      staleWorkers: aggregator.stats().staleWorkers,
    }).toEqual({ liveWorkers: 0, staleWorkers: 1 });
    worker.child.kill('SIGCONT');
    await totals.until(({ values }) => values.get('in flight') === 5);
  });
});

test('a rolling restart under traffic loses and duplicates nothing', async () => {
  const { totals, aggregator, workers } = await startForked(2);
  let expected = 0;
  const serve = async (worker: (typeof workers)[0]): Promise<void> => {
    for (let round = 0; round < 5; round += 1) {
      await worker.order('count', 100);
      expected += 100;
    }
  };
  const current = [...workers];
  for (let restart = 0; restart < 3; restart += 1) {
    const index = restart % current.length;
    const [old, stays] = [current[index]!, current[1 - index]!];
    const [successor] = await Promise.all([forkWorker(), serve(old), serve(stays)]);
    aggregator.attachProcess(successor.child);
    current[index] = successor;
    old.tell('end');
    await Promise.all([serve(stays), serve(successor), old.ended]);
  }
  await Promise.all(current.map(({ order }) => order('flush')));
  await aggregator.forceFlush();
  expect(totals.counts.get('requests')).toBe(expected);
  expect(aggregator.stats().workersSeen).toBe(5);
});

test('a blocked primary loses nothing and costs a worker the memory of its series only', async () => {
  const { totals, workers } = await startForked(1, { intervalMillis: 10 });
  const [worker] = workers;
  await worker!.order('series', 500);
  await worker!.order('flush');
  const counting = worker!.order('keepCounting', 1_000);
  worker!.tell('series', 500);
  // The worker exports about a hundred times meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  const times = (await counting) as number;
  const [stats] = (await worker!.order('stats')) as {
    batches: number;
    exports: number;
    waitingSeries: number;
  }[];
  // The worker has sent one or two batches at most.
  expect(stats!.exports).toBeGreaterThan(2 * stats!.batches);
  expect(stats!.waitingSeries).toBeLessThanOrEqual(501);
  await worker!.order('flush');
  const sum = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((a, b) => a + b, 0);
  await totals.until(({ counts }) => sum(counts) >= times + 2 * 500);
  expect([
    totals.counts.size,
    totals.counts.get('requests'),
    totals.counts.get('requests{"index":499}'),
  ]).toEqual([501, times, 2]);
});

test('histograms of different boundaries and scales keep every value', async () => {
  const { totals, aggregator } = startAggregator({ cluster: false });
  const workers = await Promise.all([
    forkWorker({ boundaries: [1, 10] }),
    forkWorker({ boundaries: [5] }),
    forkWorker({ maxSize: 4 }),
    forkWorker(),
  ]);
  for (const { child } of workers) aggregator.attachProcess(child);
  await Promise.all(
    workers.map(async ({ order }, index) => {
      await order('record', [0, 1, 2, 300, 10 ** index]);
      await order('flush');
    }),
  );
  await totals.until(({ recorded }) => recorded.count === 20);
  expect(totals.recorded.sum).toBe(4 * 303 + 1_111);
});

test('sixteen workers of two thousand series each are added up exactly', async () => {
  const { totals, workers, aggregator } = await startForked(2, { intervalMillis: 200, exporters: 8 });
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(
      workers.map(async ({ order }) => {
        await order('series', 2_000);
        await order('flush');
      }),
    );
  }
  await totals.until(({ counts }) => [...counts.values()].reduce((a, b) => a + b, 0) === 2 * 16 * 2_000);
  expect([...new Set(totals.counts.values())]).toEqual([32]);
  const { points, liveWorkers, droppedPoints } = aggregator.stats();
  expect({ points, liveWorkers, droppedPoints }).toEqual({
    points: 2 * 16 * 2_000,
    liveWorkers: 16,
    droppedPoints: {},
  });
});

describe('the end of the aggregator', () => {
  test('asks the workers for a last export', async () => {
    const { totals, aggregator, workers } = await startForked(2, { intervalMillis: 60_000 });
    for (const { order } of workers) {
      await order('flush');
      await order('count', 5);
    }
    await aggregator.shutdown();
    expect(totals.counts.get('requests')).toBe(10);
    // They have no aggregator now.
    const [stats] = (await workers[0]!.order('stats')) as { state: string }[];
    expect(stats!.state).toBe('disconnected');
  });

  test('by a closed channel makes workers use their fallback and keeps no process alive', async () => {
    const { workers, totals } = await startForked(1, { intervalMillis: 60_000 });
    const [worker] = workers;
    await worker!.order('count', 1);
    await worker!.order('flush');
    await totals.until(({ counts }) => counts.get('requests') === 1);
    await worker!.order('count', 6);
    worker!.child.disconnect();
    const output = text(worker!.child.stdout!);
    expect({ output: await output, ended: await worker!.ended }).toEqual({
      output: '[["requests",6]]',
      ended: [0, null],
    });
    expect(totals.counts.get('requests')).toBe(1);
  });
});

test('an app with a worker exporter and no other work ends by itself', async () => {
  const child = fork(join(fixtures, 'idle.mjs'), { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { totals, aggregator } = startAggregator({ cluster: false });
  aggregator.attachProcess(child);
  expect(await once(child, 'exit')).toEqual([0, null]);
  await aggregator.forceFlush();
  expect(totals.counts.get('jobs')).toBe(1);
});

describe('threads', () => {
  test('report through parentPort and end as without it', async () => {
    const { totals, aggregator } = startAggregator({ cluster: false });
    const worker = await startThread({ usesParentPort: true });
    aggregator.attachPort(worker.thread);
    await worker.order('count', 10);
    await worker.order('hold', 3);
    await worker.order('flush');
    await totals.until(({ values }) => values.get('in flight') === 3);
    worker.tell('count', 1);
    worker.tell('end');
    await worker.ended;
    await totals.until(({ values }) => values.get('in flight') === 0);
    expect(totals.counts.get('requests')).toBe(11);
  });
});

describe('independent processes', () => {
  needs('socket files');

  const path = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return join(folder, 'agg.sock');
  };

  test('report over a unix socket, started before or after their aggregator', async () => {
    const at = path();
    const worker = await spawnWorker({ path: at });
    await worker.order('count', 10);
    await worker.order('hold', 2);
    const first = startAggregator({ cluster: false, listen: { path: at } });
    await first.totals.until(({ counts }) => counts.get('requests') === 10);
    await first.aggregator.shutdown();
    await worker.order('count', 5);
    const second = startAggregator({ cluster: false, listen: { path: at } });
    await second.totals.until(
      ({ counts, values }) => counts.get('requests') === 5 && values.get('in flight') === 2,
    );
    expect(first.totals.counts.get('requests')).toBe(10);
    worker.child.kill('SIGKILL');
    await second.totals.until(({ values }) => values.get('in flight') === 0);
  });

  test('do not keep the process of their aggregator alive', async () => {
    const at = path();
    const child = spawn(process.execPath, [join(fixtures, 'aggregator.mjs'), at], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const peer = connect(at);
    onTestFinished(() => void peer.destroy());
    // The welcome: the connection is accepted.
    await once(peer, 'data');
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
