// Chooses the exporter of this process: to the server, or through the cluster's primary when processes are aggregated.

import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { ClusterAggregator, ClusterWorkerExporter, instanceTag } from '../cluster.js';
import { readEnvironment } from '../exporter/options/environment.js';
import { StatsdExporter, type StatsdExporterOptions } from '../index.js';
import type { RegisterSettings } from './settings.js';

export interface MetricsOutput {
  readonly exporter: PushMetricExporter;
  /** Forwards the exported points to the server without waiting for delivery. */
  forward(): void;
  /** Shuts down the exporter and everything behind it. */
  shutdown(): Promise<void>;
}

/** The role of this process in its cluster; a parameter so that tests need not fork. */
export type Role = 'primary' | 'worker' | 'thread';

/** `collect` records the last interval when the primary asks for it. */
export function openMetricsOutput(
  settings: Pick<RegisterSettings, 'cluster' | 'exportIntervalMillis' | 'exportTimeoutMillis'>,
  options: StatsdExporterOptions,
  collect: () => Promise<void>,
  role: Role = ownRole(),
): MetricsOutput {
  if (settings.cluster === undefined) return directOutput(new StatsdExporter(options));
  // A thread has no channel to the aggregator, which is in another thread or process.
  if (settings.cluster === 'perWorker' || role === 'thread') return directOutput(taggedExporter(options));
  const [fromVariable] = readEnvironment(process.env, () => {}).shutdownTimeoutMillis;
  const shutdownTimeoutMillis = fromVariable?.value;
  if (role === 'worker') {
    const fallback = taggedExporter(options);
    return directOutput(new ClusterWorkerExporter({ fallback, collect, shutdownTimeoutMillis }));
  }
  const { exportIntervalMillis, exportTimeoutMillis } = settings;
  const server = new StatsdExporter(options);
  const aggregator = new ClusterAggregator({
    exporter: {
      export: (batch, resultCallback) => server.export(batch, resultCallback),
      // Forwarding does not wait for delivery; the shutdown does.
      forceFlush: () => Promise.resolve(),
      shutdown: () => server.shutdown(),
    },
    exportIntervalMillis,
    exportTimeoutMillis,
    shutdownTimeoutMillis,
  });
  const exporter = aggregator.workerExporter({ shutdownTimeoutMillis });
  return {
    exporter,
    forward: () => void aggregator.forceFlush(),
    // In this order the last export still includes the gauges of this process.
    shutdown: () => aggregator.shutdown().then(() => exporter.shutdown()),
  };
}

function directOutput(exporter: PushMetricExporter): MetricsOutput {
  return { exporter, forward: () => {}, shutdown: () => exporter.shutdown() };
}

/** The option `tags` replaces the variables' tags, so they are merged here. */
function taggedExporter(options: StatsdExporterOptions): StatsdExporter {
  const [fromVariable] = readEnvironment(process.env, () => {}).tags;
  const tags = { ...instanceTag(), ...(options.tags ?? fromVariable?.value) };
  return new StatsdExporter({ ...options, tags });
}

/** In threads of a cluster's worker, node:cluster claims to be the primary. */
function ownRole(): Role {
  if (!isMainThread) return 'thread';
  return cluster.isWorker ? 'worker' : 'primary';
}
