export { ConfigError, type ConfigFault } from './exporter/config-error.js';
export type { HistogramOptions, QueueOptions, StatsdExporterOptions } from './exporter/options.js';
export type { StatsdExporterStats } from './exporter/self-telemetry.js';
export { StatsdExporter } from './exporter/statsd-exporter.js';
export type { HistogramMode } from './mapping/context.js';
export type { Dialect } from './mapping/dialects/dialect.js';
export { type DialectName, dialects } from './mapping/dialects/index.js';
export type { NamedMetric, NamingFunction, NamingRules } from './mapping/naming.js';
