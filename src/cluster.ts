export { ClusterAggregator } from './exporter/cluster/aggregator.js';
export type { ClusterAggregatorOptions } from './exporter/cluster/aggregator-options.js';
export type { Channel, ChannelEvents, OpenChannel } from './exporter/cluster/channel.js';
export type {
  ClusterAggregatorStats,
  ClusterWorkerStats,
  WorkerDropReason,
} from './exporter/cluster/cluster-stats.js';
export type { GaugeInfo, GaugeRule, GaugeRules } from './exporter/cluster/gauge-rules.js';
export { instanceTag, workerInstance } from './exporter/cluster/instance.js';
export { ClusterWorkerExporter } from './exporter/cluster/worker-exporter.js';
export type { ClusterWorkerExporterOptions } from './exporter/cluster/worker-options.js';
