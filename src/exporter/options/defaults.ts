// Defaults that exporter, cluster and register share.

/** How often statsd flushes; statsd 0.9.0 exampleConfig.js, flushInterval. */
export const EXPORT_INTERVAL_MILLIS = 10_000;

/** OpenTelemetry specification, OTEL_METRIC_EXPORT_TIMEOUT. */
export const EXPORT_TIMEOUT_MILLIS = 30_000;

export const SHUTDOWN_TIMEOUT_MILLIS = 5_000;

/** For the collection before a shutdown at the end of the process, on top of the shutdown's deadline. */
export const COLLECTION_MILLIS = 1_000;

/** Merged or cumulative series kept in memory; this many are some 30 MB. */
export const MAX_SERIES = 100_000;

/** Bytes of lines and merged series kept in memory. */
export const MAX_QUEUE_BYTES = 64 * 2 ** 20;
