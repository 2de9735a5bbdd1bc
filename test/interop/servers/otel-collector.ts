// The OpenTelemetry Collector's StatsD receiver, read from the file of its file exporter (OTLP as JSON). Counters,
// histograms and summaries start anew with each interval.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import type { IntervalReport } from '../harness/interval-report.js';
import { intervalServer } from '../harness/interval-server.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { readLines } from '../readers/lines.js';

const COMPLAINT = /^.*\t(?:warn|error)\t.*$/gm;

export const otelCollector: InteropServer = {
  name: 'otel-collector',
  title: 'OpenTelemetry Collector',
  dialect: 'otel-collector',
  protocols: ['udp', 'tcp'],
  version: () => installed('otel-collector')?.version,
  series: seriesText,
  // Counters are whole numbers by default (counter_type).
  keeps: { ...EXACT, counter: 0.5 + 1e-9 },
  notes: [
    'Times were configured as exponential histograms, which have no percentiles, other histograms as summaries (`timer_histogram_mapping`); by default they are plain gauges.',
    'Counters are whole numbers by default (`counter_type`); the rest is carried on.',
  ],
  async start() {
    const child = new ChildServer({
      name: 'otel-collector',
      ports: 2,
      tcpPorts: [1],
      prepare,
      isReady: (_, output) => output.includes('Everything is ready'),
    });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [udp, tcp] }: Launch) {
  // Its defaults make a gauge of each time, and of all values of an interval one is left.
  const receiver = (transport: string, port: number | undefined) => `
  statsd/${transport}:
    endpoint: 127.0.0.1:${port}
    transport: ${transport}
    aggregation_interval: 1s
    enable_ip_only_aggregation: true
    timer_histogram_mapping:
      - statsd_type: timing
        observer_type: histogram
        histogram: { max_size: 160 }
      - statsd_type: histogram
        observer_type: summary
        summary: { percentiles: [0, 50, 90, 95, 99, 100] }`;
  const configuration = `receivers:${receiver('udp', udp)}${receiver('tcp', tcp)}
exporters:
  file: { path: ${directory}/out.json, append: true, flush_interval: 50ms }
service:
  telemetry:
    metrics: { level: none }
  pipelines:
    metrics: { receivers: [statsd/udp, statsd/tcp], exporters: [file] }
`;
  writeFileSync(join(directory, 'collector.yml'), configuration);
  return {
    program: join(installed('otel-collector')!.folder, 'otel-collector'),
    args: ['--config', join(directory, 'collector.yml')],
  };
}

function running(child: ChildServer): RunningServer {
  return intervalServer(child, {
    open: (from) => readLines(join(child.directory, 'out.json'), from),
    complaint: COMPLAINT,
    addAll: (lines, report) => {
      for (const line of lines) addAll(JSON.parse(line) as OtlpMetrics, report);
    },
  });
}

interface OtlpPoint {
  readonly attributes?: readonly { key: string; value: { stringValue: string } }[];
  readonly asInt?: string;
  readonly asDouble?: number;
}

interface OtlpDistribution extends OtlpPoint {
  readonly count: string;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly quantileValues?: readonly { quantile?: number; value?: number }[];
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly OtlpDistribution[] };
  readonly summary?: { readonly dataPoints: readonly OtlpDistribution[] };
}

interface OtlpMetrics {
  readonly resourceMetrics: readonly { scopeMetrics: readonly { metrics: readonly OtlpMetric[] }[] }[];
}

function addAll({ resourceMetrics }: OtlpMetrics, report: IntervalReport): void {
  for (const { scopeMetrics } of resourceMetrics) {
    for (const { metrics } of scopeMetrics) for (const metric of metrics) add(metric, report);
  }
}

function add({ name, sum, gauge, exponentialHistogram, summary }: OtlpMetric, report: IntervalReport): void {
  const series = ({ attributes = [] }: OtlpPoint) =>
    seriesText(
      name,
      attributes.map(({ key, value }): Tag => [key, value.stringValue]),
    );
  const value = ({ asInt, asDouble }: OtlpPoint) => asDouble ?? Number(asInt ?? 0);
  for (const point of sum?.dataPoints ?? []) report.count(series(point), value(point));
  for (const point of gauge?.dataPoints ?? []) report.gauge(series(point), value(point));
  for (const point of [...(exponentialHistogram?.dataPoints ?? []), ...(summary?.dataPoints ?? [])]) {
    report.time(series(point), figuresOf(point));
  }
}

function figuresOf({ count, sum = 0, min, max, quantileValues = [] }: OtlpDistribution) {
  const quantiles = new Map(quantileValues.map(({ quantile = 0, value = 0 }) => [quantile * 100, value]));
  // A summary has its extremes among the percentiles.
  const [least, greatest] = [min ?? quantiles.get(0), max ?? quantiles.get(100)];
  const percentiles = Object.fromEntries(
    [50, 90, 95, 99].filter((p) => quantiles.has(p)).map((p) => [p, quantiles.get(p)!]),
  );
  return {
    count: Number(count),
    sum,
    ...(least === undefined ? {} : { min: least }),
    ...(greatest === undefined ? {} : { max: greatest }),
    percentiles,
  };
}
