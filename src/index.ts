export type { ExitEvent } from './exporter/flush-on-exit.js';
export { ConfigError, type ConfigFault } from './exporter/options/config-error.js';
export { defineConfig, type StatsdConfig, type StatsdConfigExport } from './exporter/options/config-file.js';
export type {
  FlushOnOptions,
  HistogramOptions,
  OriginOptions,
  PacingOptions,
  QueueOptions,
  StatsdExporterOptions,
} from './exporter/options/options.js';
export { StatsdExporter } from './exporter/statsd-exporter.js';
export type { EventText, ExporterEvent } from './exporter/telemetry/event-log.js';
export type { BacklogStats, PointLossReason, StatsdExporterStats } from './exporter/telemetry/stats.js';
export type { AttributeRules, AttributeSelection } from './mapping/attributes/attribute-filter.js';
export type {
  Dialect,
  DialectLimits,
  SampleRules,
  SetRules,
  StatsdType,
  TagSyntax,
  TypeCollisions,
} from './mapping/dialects/dialect.js';
export { type DialectName, dialects } from './mapping/dialects/index.js';
export type {
  NamedMetric,
  NameRule,
  NamingFunction,
  NamingRules,
  NamingTable,
} from './mapping/naming/naming-rules.js';
export { type NamePreset, namePresets } from './mapping/naming/presets/index.js';
export type { TimeUnit } from './mapping/numbers/units.js';
export type { HistogramMode } from './mapping/options.js';
export type { SetAttributes } from './mapping/sets.js';
export type { LinesSink } from './transport/endpoint/destination.js';
export type { EndpointProtocol } from './transport/endpoint/protocols.js';
export type {
  DisconnectCause,
  LineDropReason,
  SegmentCounts,
  TransportStats,
} from './transport/transport.js';
