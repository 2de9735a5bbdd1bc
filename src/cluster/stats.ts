// Statistics of workers and aggregator, as plain data.

/** Why a data point of a worker was dropped. */
export type WorkerDropReason =
  /** NaN or infinite values. */
  | 'non_finite'
  /** A kind of data that this version does not know. */
  | 'unsupported'
  /** The point does not fit into a message of 1 MiB. */
  | 'too_large'
  /** Attributes that throw when they are read. */
  | 'unreadable'
  /** `maxSeries` or `maxBytes` was reached. */
  | 'series_limit'
  /** No aggregator and no fallback exporter. */
  | 'no_aggregator'
  /** The fallback exporter failed. */
  | 'fallback'
  /** The aggregator found the batch malformed. */
  | 'rejected'
  /** Not delivered by the end of the shutdown. */
  | 'shutdown';

/** Counts of a `ClusterWorkerExporter` since its construction. */
export interface ClusterWorkerStats {
  /** `connected` while an aggregator answers, `disconnected` while none does. */
  readonly state: 'connected' | 'disconnected' | 'closed';
  readonly exports: number;
  /** Data points received from the SDK, dropped ones included. */
  readonly receivedPoints: number;
  /** Data points merged into waiting points of the same series. */
  readonly coalescedPoints: number;
  /** Series waiting for the aggregator, without the batch in flight. */
  readonly waitingSeries: number;
  readonly acknowledgedPoints: number;
  /** Data points given to the fallback exporter. */
  readonly fallbackPoints: number;
  /** Dropped data points, by reason. */
  readonly droppedPoints: Readonly<Partial<Record<WorkerDropReason, number>>>;
  /** Data points that were sent and not acknowledged at shutdown. */
  readonly unacknowledgedPoints: number;
  /** Times that `forceFlush()` ended at its deadline. */
  readonly flushDeadlinesMissed: number;
  /** Batches sent to the aggregator, each counted once. */
  readonly batches: number;
  readonly acknowledged: number;
  /** Batches sent again; the aggregator counts each once. */
  readonly resent: number;
  /** Messages of the protocol that were invalid. */
  readonly malformed: number;
}

/** Why the aggregator dropped a data point. */
export type AggregatorDropReason =
  /** `maxSeries` or `maxBytes` was reached. */
  | 'series_limit'
  /** The point is from one service more than an aggregator serves: 100. */
  | 'service_limit';

/** Counts of a `ClusterAggregator` since its construction. */
export interface ClusterAggregatorStats {
  readonly state: 'running' | 'closed';
  /** Workers with an open channel that are not stale. */
  readonly liveWorkers: number;
  /** Workers with an open channel that have sent nothing for `staleMillis`. */
  readonly staleWorkers: number;
  readonly workersSeen: number;
  /** Batches added, each once. */
  readonly batches: number;
  /** Data points in them. */
  readonly points: number;
  /** Data points merged into points of the same series. */
  readonly coalescedPoints: number;
  /** Batches received again and not added again. */
  readonly duplicates: number;
  /** Messages and batches of the protocol that were invalid. */
  readonly malformed: number;
  /** Messages refused and connections closed because they exceeded a limit or used the name of another worker. */
  readonly refused: number;
  /** Dropped data points, by reason. */
  readonly droppedPoints: Readonly<Partial<Record<AggregatorDropReason, number>>>;
  /** Series kept now. */
  readonly series: number;
  readonly exports: number;
  readonly receivedPoints: number;
  /** Exports that failed in the wrapped exporter. */
  readonly failedExports: number;
  readonly failedPoints: number;
  /** Exports that did not end within `exportTimeoutMillis`. */
  readonly exportTimeouts: number;
}

/** The parts of it that each component counts. */
export type BatchSenderStats = Pick<ClusterWorkerStats, 'batches' | 'acknowledged' | 'resent' | 'malformed'>;
export type ExportStats = Pick<
  ClusterAggregatorStats,
  'exports' | 'receivedPoints' | 'failedExports' | 'failedPoints' | 'exportTimeouts'
>;
export type BatchReceiverStats = Omit<ClusterAggregatorStats, keyof ExportStats | 'state' | 'series'>;
