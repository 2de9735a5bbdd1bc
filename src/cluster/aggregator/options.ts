import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { OptionTable } from '../../exporter/options/check-options.js';
import {
  type Check,
  expectBoolean,
  expectExporter,
  expectInteger,
  expectPath,
  expectText,
  expectTimeout,
  isRecord,
} from '../../exporter/options/checks.js';
import {
  EXPORT_INTERVAL_MILLIS,
  EXPORT_TIMEOUT_MILLIS,
  MAX_QUEUE_BYTES,
  MAX_SERIES,
  SHUTDOWN_TIMEOUT_MILLIS,
} from '../../exporter/options/defaults.js';
import { isNamedPipe } from '../../runtime/socket-path.js';
import { GAUGE_RULES, type GaugeRules, isGaugeRule } from './gauge-rules.js';

/** Options of `new ClusterAggregator()`; mistakes throw one `ConfigError`. */
export interface ClusterAggregatorOptions {
  /** Receives one export per interval with the metrics of all workers, and is shut down with the aggregator. */
  exporter: PushMetricExporter;
  /** Milliseconds between exports. Default 10000, StatsD's own flush interval. */
  exportIntervalMillis?: number | undefined;
  /** Milliseconds after which the aggregator stops waiting for an export. Default 30000. */
  exportTimeoutMillis?: number | undefined;
  /**
   * How gauges of several workers become one: `sum`, `max`, `min`, `avg`, `last` or `perWorker`; for all of them, by
   * metric name or glob (`{ 'process.memory.*': 'sum' }`), or by a function. Default, also for those that no name or
   * glob matches, `perWorker`: a series for each worker. Counters, histograms and up-down counters always add up.
   */
  gauges?: GaugeRules | undefined;
  /** The attribute that distinguishes the series of `perWorker` gauges. Default `service.instance.id`. */
  instanceAttribute?: string | undefined;
  /**
   * Milliseconds without a message after which a worker is stale: its gauges and up-down counters are removed until it
   * sends again. Default: three of its own export intervals, at least three of the aggregator's.
   */
  staleMillis?: number | undefined;
  /**
   * Listens on a unix socket, for processes that this one did not fork: `{ path: '/run/app.sock' }`. Only the user of this
   * process may connect (mode 0600), and with `group`, the id of a group of this user, its members (mode 0660). Default
   * none.
   */
  listen?: { readonly path: string; readonly group?: number | undefined } | undefined;
  /** Whether to listen to the workers of node:cluster. Default true. */
  cluster?: boolean | undefined;
  /** Series of all services kept between two exports; further ones are refused and counted. Default 100000. */
  maxSeries?: number | undefined;
  /** Estimated bytes of these series and of the resources of workers. Default 64 MiB. */
  maxBytes?: number | undefined;
  /** Deadline of `forceFlush()` in milliseconds. Default `shutdownTimeoutMillis`. */
  flushTimeoutMillis?: number | undefined;
  /**
   * Deadline of `shutdown()` in milliseconds: half for the workers' last exports, the rest for its own and for the
   * shutdown of `exporter`. Default 5000.
   */
  shutdownTimeoutMillis?: number | undefined;
}

const expectGaugeRules: Check = (value) =>
  typeof value === 'function' ||
  isGaugeRule(value) ||
  (isRecord(value) && Object.values(value).every(isGaugeRule))
    ? undefined
    : `one of ${GAUGE_RULES.map((rule) => JSON.stringify(rule)).join(', ')}, an object with such values, or a function`;

const expectGroup = expectInteger(0, 'as the id of a group', 2 ** 32 - 2);

const expectListen: Check = (value) => {
  const { path, group, ...others } = isRecord(value) ? value : {};
  if (group !== undefined && expectPath(path) === undefined && isNamedPipe(String(path))) {
    return 'an object with path alone, because a named pipe has no group';
  }
  const hasGroup = group === undefined || expectGroup(group) === undefined;
  return expectPath(path) === undefined && hasGroup && Object.keys(others).length === 0
    ? undefined
    : `an object with path, ${expectPath(undefined)}, and optionally group, the id of a group`;
};

export const OPTIONS = {
  exporter: { check: expectExporter, isRequired: true },
  exportIntervalMillis: { check: expectTimeout, default: EXPORT_INTERVAL_MILLIS },
  exportTimeoutMillis: { check: expectTimeout, default: EXPORT_TIMEOUT_MILLIS },
  gauges: { check: expectGaugeRules },
  instanceAttribute: { check: expectText, default: 'service.instance.id' },
  staleMillis: { check: expectTimeout },
  listen: { check: expectListen },
  cluster: { check: expectBoolean, default: true },
  maxSeries: { check: expectInteger(1, 'series'), default: MAX_SERIES },
  maxBytes: { check: expectInteger(1, 'bytes'), default: MAX_QUEUE_BYTES },
  // The default is shutdownTimeoutMillis.
  flushTimeoutMillis: { check: expectTimeout },
  shutdownTimeoutMillis: { check: expectTimeout, default: SHUTDOWN_TIMEOUT_MILLIS },
} satisfies OptionTable<ClusterAggregatorOptions>;
