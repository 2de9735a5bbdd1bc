// Real workers, and an exporter that adds up their exports.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker as Thread } from 'node:worker_threads';
import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { onTestFinished } from 'vitest';
import { ClusterAggregator } from '../../../src/cluster/aggregator/cluster-aggregator.js';
import type { ClusterAggregatorOptions } from '../../../src/cluster/aggregator/options.js';
import { repository } from '../../support/app-process.js';

export const workerFile = join(repository, 'test/cluster/fixtures/worker.mjs');

export interface WorkerOptions {
  readonly intervalMillis?: number;
  readonly exporters?: number;
  readonly boundaries?: readonly number[];
  readonly maxSize?: number;
  readonly path?: string;
  readonly usesParentPort?: boolean;
}

export interface TestWorker {
  /** Resolves when the worker has carried out the order. */
  order(name: string, argument?: unknown): Promise<unknown>;
  /** Sends the order without waiting. */
  tell(name: string, argument?: unknown): void;
  readonly ended: Promise<unknown>;
}

/** Keeps what a StatsD server would: counters add up, other metrics keep their last value. */
export class Totals implements PushMetricExporter {
  readonly counts = new Map<string, number>();
  readonly recorded = { count: 0, sum: 0 };
  readonly values = new Map<string, number>();
  #watchers: (() => void)[] = [];

  export(
    { scopeMetrics }: ResourceMetrics,
    resultCallback: (result: { code: ExportResultCode }) => void,
  ): void {
    for (const { metrics } of scopeMetrics) for (const metric of metrics) this.#take(metric);
    resultCallback({ code: ExportResultCode.SUCCESS });
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  /** Resolves after the export that fulfils the condition. */
  async until(isSo: (totals: this) => boolean): Promise<void> {
    while (!isSo(this)) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}

  #take({ descriptor, dataPoints, ...metric }: ResourceMetrics['scopeMetrics'][0]['metrics'][0]): void {
    for (const { attributes, value } of dataPoints) {
      const name = descriptor.name + (Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : '');
      if (typeof value !== 'number') {
        this.recorded.count += value.count;
        this.recorded.sum += value.sum ?? 0;
      } else if ('isMonotonic' in metric && metric.isMonotonic) {
        this.counts.set(name, (this.counts.get(name) ?? 0) + value);
      } else this.values.set(name, value);
    }
  }
}

export function startAggregator(options: Partial<ClusterAggregatorOptions> = {}) {
  const totals = new Totals();
  const aggregator = new ClusterAggregator({ exporter: totals, exportIntervalMillis: 20, ...options });
  onTestFinished(() => aggregator.shutdown());
  return { totals, aggregator };
}

export function forkWorker(
  options: WorkerOptions = {},
): Promise<TestWorker & { readonly child: ChildProcess }> {
  const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const;
  const child = fork(workerFile, { env: environment(options), execArgv: [], stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return withChild(
    child,
    conversation(
      (tell) => child.on('message', tell),
      (order) => child.send(order as object),
    ),
  );
}

export async function withChild(child: ChildProcess, talk: ReturnType<typeof conversation>) {
  const ended = once(child, 'exit');
  await talk.said('start');
  return { child, ended, order: talk.order, tell: talk.tell };
}

/** A process without an IPC channel; orders go to its standard input. */
export async function spawnWorker(
  options: WorkerOptions,
): Promise<TestWorker & { readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [workerFile], {
    env: environment(options),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const talk = conversation(
    (tell) => lines.on('line', (line) => tell(JSON.parse(line))),
    (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
  );
  return withChild(child, talk);
}

export async function startThread(options: WorkerOptions): Promise<TestWorker & { readonly thread: Thread }> {
  const thread = new Thread(workerFile, { workerData: JSON.stringify(options) });
  onTestFinished(() => void thread.terminate());
  const talk = conversation(
    (tell) => thread.on('message', tell),
    (order) => thread.postMessage(order),
  );
  return { thread, ended: once(thread, 'exit'), order: talk.order, tell: talk.tell };
}

function environment(options: WorkerOptions): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], WORKER: JSON.stringify(options) };
}

/** Sends orders and receives their answers; ignores other messages of the channel. */
export function conversation(
  listen: (tell: (message: unknown) => void) => void,
  send: (order: unknown) => void,
) {
  const done: { readonly name: string; readonly answer: unknown }[] = [];
  const watchers: (() => void)[] = [];
  listen((message) => {
    if (typeof message !== 'object' || message === null || !('done' in message)) return;
    done.push({ name: String(message.done), answer: 'answer' in message ? message.answer : undefined });
    for (const watcher of watchers.splice(0)) watcher();
  });
  const said = async (name: string): Promise<unknown> => {
    for (;;) {
      const index = done.findIndex((entry) => entry.name === name);
      if (index >= 0) return done.splice(index, 1)[0]!.answer;
      await new Promise<void>((resolve) => {
        watchers.push(resolve);
      });
    }
  };
  const tell = (name: string, argument?: unknown): void => send([name, argument ?? null]);
  return {
    said,
    tell,
    order(name: string, argument?: unknown): Promise<unknown> {
      tell(name, argument);
      return said(name);
    },
  };
}
