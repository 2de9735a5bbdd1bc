// Where the metrics of this process go: to the server, or, when the processes of a cluster are to be one, through
// its primary.

import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { ClusterAggregator, ClusterWorkerExporter, instanceTag } from '../cluster.js';
import { readEnvironment } from '../exporter/options/env.js';
import { StatsdExporter } from '../index.js';
import type { RegisterSettings } from './settings.js';

export interface MetricsOutput {
  readonly exporter: PushMetricExporter;
  /** Sends on what the exporter was given, without waiting for its delivery. */
  forward(): void;
  /** Ends the exporter and what comes behind it. */
  shutdown(): Promise<void>;
}

/** What this process is in its cluster; a parameter so that tests need not fork. */
export type Role = 'primary' | 'worker' | 'thread';

/** `collect` records the last interval when the primary asks for it. */
export function openMetricsOutput(
  settings: Pick<RegisterSettings, 'cluster' | 'exportIntervalMillis' | 'exportTimeoutMillis'>,
  collect: () => Promise<void>,
  role: Role = ownRole(),
): MetricsOutput {
  if (settings.cluster === undefined) return directOutput(new StatsdExporter());
  // A thread has no channel to the aggregator, which is in another thread or process.
  if (settings.cluster === 'perWorker' || role === 'thread') return directOutput(taggedExporter());
  if (role === 'worker')
    return directOutput(new ClusterWorkerExporter({ fallback: taggedExporter(), collect }));
  const { exportIntervalMillis, exportTimeoutMillis } = settings;
  const server = new StatsdExporter();
  const aggregator = new ClusterAggregator({
    exporter: {
      export: (batch, resultCallback) => server.export(batch, resultCallback),
      // To send on is not to wait for delivery; the shutdown does that.
      forceFlush: () => Promise.resolve(),
      shutdown: () => server.shutdown(),
    },
    exportIntervalMillis,
    exportTimeoutMillis,
  });
  const exporter = aggregator.workerExporter();
  return {
    exporter,
    forward: () => void aggregator.forceFlush(),
    // In this order the last export still knows the gauges of this process.
    shutdown: () => aggregator.shutdown().then(() => exporter.shutdown()),
  };
}

function directOutput(exporter: PushMetricExporter): MetricsOutput {
  return { exporter, forward: () => {}, shutdown: () => exporter.shutdown() };
}

/** The variables' own tags stay: an option would replace them. */
function taggedExporter(): StatsdExporter {
  const { tags } = readEnvironment(process.env, () => {});
  return new StatsdExporter({ tags: { ...instanceTag(), ...tags } });
}

/** Threads of a cluster's worker look like a primary to node:cluster. */
function ownRole(): Role {
  if (!isMainThread) return 'thread';
  return cluster.isWorker ? 'worker' : 'primary';
}
