import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { MessagePort, Worker as Thread } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { type Complete, checkOptions, withDefaults } from '../../exporter/options/check-options.js';
import { systemClock } from '../../runtime/clock.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import { openLocalChannel } from '../channel/in-process-channel.js';
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
 * Adds up what the `ClusterWorkerExporter`s of several processes or threads report, and exports it once per interval:
 * counters and histograms as the sum of all, up-down counters as the sum over live workers, gauges by a rule.
 *
 * Workers of node:cluster are found by themselves. Construction throws a `ConfigError` for mistakes in the options;
 * afterwards nothing here throws or rejects, and nothing keeps the process alive.
 */
export class ClusterAggregator {
  readonly #options: Complete<ClusterAggregatorOptions, typeof OPTIONS>;
  readonly #aggregation: Aggregation;
  readonly #inbox: BatchReceiver;
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
      timeOfDay: Date.now,
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
    this.#inbox = new BatchReceiver(randomUUID(), {
      add: (source, metrics) => this.#aggregation.add(source, metrics, this.#loop.now()),
      forget: (worker) => this.#aggregation.forget(worker),
      patienceMillis: (everyMillis) =>
        options.staleMillis ?? PATIENCE * Math.max(everyMillis, intervalMillis),
      now: () => this.#loop.now(),
    });
    if (options.cluster) this.#stops.add(listenToCluster(this.#inbox));
    if (options.listen !== undefined) {
      const listener = new SocketListener({
        path: options.listen.path,
        inbox: this.#inbox,
        log: (message) => logger.warn(message),
      });
      this.#stops.add(() => listener.close());
    }
  }

  /** Listens to a child of `child_process.fork()`; those of node:cluster are found without this. */
  attachProcess(child: ChildProcess): void {
    this.#attach(listenToChild(this.#inbox, child));
  }

  /** Listens to a thread: its `Worker` when the thread uses `parentPort`, or our end of a `MessageChannel`. */
  attachPort(port: MessagePort | Thread): void {
    const stop = 'threadId' in port ? listenToThread(this.#inbox, port) : listenToPortPeer(this.#inbox, port);
    this.#attach(stop);
  }

  /** An exporter for the metrics of this very process. */
  workerExporter(
    options: Omit<ClusterWorkerExporterOptions, 'channel' | 'path' | 'port'> = {},
  ): ClusterWorkerExporter {
    return new ClusterWorkerExporter({ ...options, channel: openLocalChannel(this.#inbox) });
  }

  /** Exports what has come so far and waits for its delivery, at most `flushTimeoutMillis`. */
  async forceFlush(): Promise<void> {
    const millis = this.#options.flushTimeoutMillis;
    const startedAt = systemClock.now();
    await this.#loop.flush(millis);
    const left = Math.max(0, millis - (systemClock.now() - startedAt));
    await withinDeadline(
      left,
      attempt(() => this.#options.exporter.forceFlush()),
      systemClock,
    );
  }

  /** Asks the workers for their last figures, exports those, shuts the exporter down and leaves nothing open. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  stats(): ClusterAggregatorStats {
    return {
      state: this.#shutdown === undefined ? 'running' : 'closed',
      series: this.#aggregation.series,
      ...this.#inbox.stats(),
      ...this.#loop.stats(),
    };
  }

  #attach(stop: () => void): void {
    if (this.#shutdown === undefined) this.#stops.add(stop);
    else stop();
  }

  async #close(): Promise<void> {
    const millis = this.#options.shutdownTimeoutMillis;
    // The other half is for the export.
    await withinDeadline(millis / 2, this.#inbox.requestFlush(), systemClock);
    this.#inbox.close();
    for (const stop of this.#stops) stop();
    await this.#loop.flush(millis / 2);
    this.#loop.stop();
    await attempt(() => this.#options.exporter.shutdown());
  }
}

/** Two exports may be late or lost in a busy worker; three in a row are a sign. */
const PATIENCE = 3;

/** Somebody else's exporter may do what ours never would. */
async function attempt(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    logger.error('the wrapped exporter failed', error);
  }
}
