export { ClusterAggregator } from './cluster/aggregator/cluster-aggregator.js';
export type { GaugeInfo, GaugeRule, GaugeRules } from './cluster/aggregator/gauge-rules.js';
export type { ClusterAggregatorOptions } from './cluster/aggregator/options.js';
export type { Channel, ChannelEvents, OpenChannel } from './cluster/channel/channel.js';
export type {
  AggregatorDropReason,
  ClusterAggregatorStats,
  ClusterWorkerStats,
  WorkerDropReason,
} from './cluster/stats.js';
export { ClusterWorkerExporter } from './cluster/worker/cluster-worker-exporter.js';
export { instanceTag, workerInstance } from './cluster/worker/instance-name.js';
export type { ClusterWorkerExporterOptions } from './cluster/worker/options.js';
