import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { MessagePort, Worker as Thread } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { type Complete, checkOptions, withDefaults } from '../../exporter/options/check-options.js';
import { systemClock } from '../../runtime/clock.js';
import { timeOfDay } from '../../runtime/timers.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import { openInProcessChannel } from '../channel/in-process-channel.js';
import { listenToChild, listenToCluster } from '../channel/ipc-peers.js';
import { listenToPortPeer, listenToThread } from '../channel/port-peers.js';
import { SocketListener } from '../channel/socket-peers.js';
import type { ClusterAggregatorStats } from '../stats.js';
import { ClusterWorkerExporter } from '../worker/cluster-worker-exporter.js';
import type { ClusterWorkerExporterOptions } from '../worker/options.js';
import { Aggregation } from './aggregation.js';
import { BatchReceiver } from './batch-receiver.js';
import { ExportLoop } from './export-loop.js';
import { gaugeRuleOf } from './gauge-rules.js';
import { type ClusterAggregatorOptions, OPTIONS } from './options.js';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/cluster' });

/**
 * Adds up the metrics of the `ClusterWorkerExporter`s of several processes or threads, and exports them once per interval:
 * counters and histograms as the sum of all, up-down counters as the sum over live workers, gauges by a rule.
 *
 * Workers of node:cluster are found automatically. The constructor throws a `ConfigError` for invalid options. No other
 * method throws or rejects, and only a pending `forceFlush()` or `shutdown()` keeps the process alive.
 */
export class ClusterAggregator {
  readonly #options: Complete<ClusterAggregatorOptions, typeof OPTIONS>;
  readonly #aggregation: Aggregation;
  readonly #receiver: BatchReceiver;
  readonly #loop: ExportLoop;
  readonly #stops = new Set<() => void>();
  #shutdown: Promise<void> | undefined;

  constructor(given: ClusterAggregatorOptions) {
    checkOptions('ClusterAggregator', given, OPTIONS);
    const options = withDefaults(given, OPTIONS);
    this.#options = options;
    const intervalMillis = options.exportIntervalMillis;
    this.#aggregation = new Aggregation({
      gaugeRule: gaugeRuleOf(options.gauges),
      instanceAttribute: options.instanceAttribute,
      maxSeries: options.maxSeries,
      maxBytes: options.maxBytes,
      timeOfDay,
    });
    this.#loop = new ExportLoop(
      {
        exporter: options.exporter,
        intervalMillis,
        timeoutMillis: options.exportTimeoutMillis,
        collect: () => this.#aggregation.collect(this.#loop.now()),
      },
      systemClock,
    );
    this.#receiver = new BatchReceiver({
      name: randomUUID(),
      add: (source, metrics) => this.#aggregation.add(source, metrics, this.#loop.now()),
      removeWorker: (worker) => this.#aggregation.removeWorker(worker),
      staleAfterMillis: (workerIntervalMillis) =>
        options.staleMillis ??
        MISSED_EXPORTS_UNTIL_STALE * Math.max(workerIntervalMillis, options.exportIntervalMillis),
      now: () => this.#loop.now(),
      log: (message) => logger.warn(message),
    });
    if (options.cluster) this.#stops.add(listenToCluster(this.#receiver));
    if (options.listen !== undefined) {
      const { path, group } = options.listen;
      const log = (message: string): void => logger.warn(message);
      const listener = new SocketListener({ path, group, receiver: this.#receiver, log });
      this.#stops.add(() => listener.close());
    }
  }

  /** Listens to a child of `child_process.fork()`; workers of node:cluster need no call. */
  attachProcess(child: ChildProcess): void {
    this.#attach(listenToChild(this.#receiver, child));
  }

  /** Listens to a thread: its `Worker` when the thread uses `parentPort`, or the local end of a `MessageChannel`. */
  attachPort(port: MessagePort | Thread): void {
    const stop =
      'threadId' in port ? listenToThread(this.#receiver, port) : listenToPortPeer(this.#receiver, port);
    this.#attach(stop);
  }

  /** An exporter for the metrics of this process itself. */
  workerExporter(
    options: Omit<ClusterWorkerExporterOptions, 'channel' | 'path' | 'port'> = {},
  ): ClusterWorkerExporter {
    return new ClusterWorkerExporter({ ...options, channel: openInProcessChannel(this.#receiver) });
  }

  /** Exports everything received so far and waits for its delivery, at most `flushTimeoutMillis`. */
  async forceFlush(): Promise<void> {
    const { shutdownTimeoutMillis, flushTimeoutMillis = shutdownTimeoutMillis } = this.#options;
    const startedAt = systemClock.now();
    await this.#loop.flush(flushTimeoutMillis);
    const left = Math.max(0, flushTimeoutMillis - (systemClock.now() - startedAt));
    await withinDeadline(
      left,
      attempt(() => this.#options.exporter.forceFlush()),
      systemClock,
    );
  }

  /** Asks the workers for a last export, exports it, shuts the exporter down and closes everything. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  /** A snapshot of the counts since construction. */
  stats(): ClusterAggregatorStats {
    return {
      state: this.#shutdown === undefined ? 'running' : 'closed',
      series: this.#aggregation.series,
      ...this.#receiver.stats(),
      ...this.#loop.stats(),
    };
  }

  #attach(stop: () => void): void {
    if (this.#shutdown === undefined) this.#stops.add(stop);
    else stop();
  }

  /** One deadline for all steps; each may use what the ones before it left. */
  async #close(): Promise<void> {
    const end = systemClock.now() + this.#options.shutdownTimeoutMillis;
    const left = (): number => Math.max(0, end - systemClock.now());
    // The other half is for the last export and its delivery.
    await withinDeadline(left() / 2, this.#receiver.requestFlush(), systemClock);
    this.#receiver.close();
    for (const stop of this.#stops) stop();
    await this.#loop.flush(left() / 2);
    this.#loop.stop();
    await withinDeadline(
      left(),
      attempt(() => this.#options.exporter.shutdown()),
      systemClock,
    );
  }
}

/** One or two exports may be late in a busy worker. */
const MISSED_EXPORTS_UNTIL_STALE = 3;

/** The wrapped exporter may be any implementation, and may throw or reject. */
async function attempt(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    logger.error('the wrapped exporter failed', error);
  }
}
