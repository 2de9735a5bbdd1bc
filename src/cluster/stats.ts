// What the two ends of a cluster count about their work, as plain data.

/** Why a data point of a worker reached nobody. */
export type WorkerDropReason =
  /** NaN or infinite values. */
  | 'non_finite'
  /** A kind of data that came into the SDK after this. */
  | 'unsupported'
  /** Attributes that throw when they are read. */
  | 'unreadable'
  /** No room for more series. */
  | 'series_limit'
  /** No aggregator and nothing to fall back on. */
  | 'no_aggregator'
  /** The fallback exporter failed. */
  | 'fallback'
  /** The aggregator could make nothing of it. */
  | 'rejected'
  | 'shutdown';

/** Counts of a `ClusterWorkerExporter` since its construction. */
export interface ClusterWorkerStats {
  /** `connected` while an aggregator answers, `alone` while none does. */
  readonly state: 'connected' | 'alone' | 'closed';
  readonly exports: number;
  /** Data points handed over by the SDK, dropped ones included. */
  readonly receivedPoints: number;
  /** Data points merged into others of their series while they waited. */
  readonly coalescedPoints: number;
  /** Series that wait for the aggregator, beside the batch that is on its way. */
  readonly waitingSeries: number;
  readonly acknowledgedPoints: number;
  /** Data points given to the fallback exporter. */
  readonly fallbackPoints: number;
  /** Data points that reached nobody, by reason. */
  readonly droppedPoints: Readonly<Partial<Record<WorkerDropReason, number>>>;
  /** Data points that had left at shutdown, and that nobody had acknowledged. */
  readonly unacknowledgedPoints: number;
  /** Times that `forceFlush()` ended at its deadline. */
  readonly flushDeadlinesMissed: number;
  /** Batches sent to the aggregator, each counted once. */
  readonly batches: number;
  readonly acknowledged: number;
  /** Batches sent once more; the aggregator counts each once all the same. */
  readonly resent: number;
  /** Messages that were ours by name, yet not to be understood. */
  readonly malformed: number;
}

/** Counts of a `ClusterAggregator` since its construction. */
export interface ClusterAggregatorStats {
  readonly state: 'running' | 'closed';
  /** Workers with an open channel that are not stale. */
  readonly liveWorkers: number;
  /** Workers with an open channel that have been silent for too long. */
  readonly staleWorkers: number;
  readonly workersSeen: number;
  /** Batches added, each once. */
  readonly batches: number;
  /** Data points in them. */
  readonly points: number;
  /** Data points merged into others of their series. */
  readonly coalescedPoints: number;
  /** Batches that came again and were not added again. */
  readonly duplicates: number;
  /** Messages and batches that were ours by name, yet not to be understood. */
  readonly malformed: number;
  /** Data points refused, by reason. */
  readonly droppedPoints: { readonly series_limit?: number };
  /** Series kept now. */
  readonly series: number;
  readonly exports: number;
  readonly receivedPoints: number;
  /** Exports that the wrapped exporter answered with FAILED. */
  readonly failedExports: number;
  readonly failedPoints: number;
  /** Exports not waited for any longer. */
  readonly exportTimeouts: number;
}

/** The parts of it, by who keeps them. */
export type OutboxStats = Pick<ClusterWorkerStats, 'batches' | 'acknowledged' | 'resent' | 'malformed'>;
export type ExportStats = Pick<
  ClusterAggregatorStats,
  'exports' | 'receivedPoints' | 'failedExports' | 'failedPoints' | 'exportTimeouts'
>;
export type InboxStats = Omit<ClusterAggregatorStats, keyof ExportStats | 'state' | 'series'>;
